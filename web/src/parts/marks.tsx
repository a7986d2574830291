// Small marks that mean the same on every page: verdicts, estimates with their intervals, spend by day.
import { count, estimateWords, inUnit, type Unit } from "../format";
import { texts } from "../texts";
import type { Estimate, Verdict as VerdictName } from "../types";

const kGlyphs: Record<VerdictName, string> = { kill: "■", promote: "▲", revive: "↺", increase_budget: "↑", decrease_budget: "↓", keep: "●", wait: "…" };

export function Verdict({ verdict, title }: { verdict: VerdictName | ""; title?: string | undefined }) {
  if (verdict === "") return <span class="dim">{texts.state.none}</span>;
  return <span class={`verdict ${verdict}`} title={title}><i aria-hidden="true">{kGlyphs[verdict]}</i>{texts.verdicts[verdict]}</span>;
}

export interface Scale { low: number; high: number }

export function Measure({ of, unit, currency, scale, quartile }: {
  of: Estimate | null; unit: Unit; currency: string; scale?: Scale | undefined; quartile?: number | undefined;
}) {
  if (of === null) return <span class="measure unknown">{texts.state.notEnough}</span>;
  const words = estimateWords(of, unit, currency);
  return (
    <span class={`measure q${quartile ?? 0}`} title={words}>
      <b data-cell={unit}>{inUnit(of.value, unit, currency)}</b>
      <small>{inUnit(of.low, unit, currency)}–{inUnit(of.high, unit, currency)}<i> n {count(of.n)}</i></small>
      {scale && <Interval of={of} scale={scale} />}
    </span>
  );
}

export function Interval({ of, scale }: { of: Estimate; scale: Scale }) {
  const span = scale.high - scale.low || 1;
  const x = (value: number) => 100 * Math.min(1, Math.max(0, (value - scale.low) / span));
  return (
    <svg class="interval" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2="100" y1="3" y2="3" class="axis" />
      <line x1={x(of.low)} x2={Math.max(x(of.high), x(of.low) + 1.5)} y1="3" y2="3" class="band" />
      <line x1={x(of.value)} x2={x(of.value)} y1="0" y2="6" class="point" />
    </svg>
  );
}

export function Spark({ values }: { values: (number | null)[] }) {
  const known = values.filter((each): each is number => each !== null);
  if (known.length < 2) return <span class="dim">{texts.state.none}</span>;
  const top = Math.max(...known) || 1;
  const step = 100 / Math.max(1, values.length - 1);
  let path = "";
  let open = false;
  values.forEach((each, at) => {
    if (each === null) { open = false; return; }
    path += `${open ? "L" : "M"}${(at * step).toFixed(1)} ${(22 - 20 * (each / top)).toFixed(1)}`;
    open = true;
  });
  return <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={texts.scoreboard.sparkline}><path d={path} /></svg>;
}

// Long names break where their parts meet.
export function Named({ name }: { name: string }) {
  return <>{name.split(/(?<=[_\-./])/).map((each, at) => [at > 0 && <wbr />, each])}</>;
}

export function Platform({ account }: { account: string }) {
  const name = account.split(":")[0] ?? "";
  return <span class={`platform ${name}`}>{name}</span>;
}
