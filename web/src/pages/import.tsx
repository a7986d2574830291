// Files in: dropped, read by the server's own importer, and its whole report shown.
import { useRef, useState } from "preact/hooks";
import { Problem, upload } from "../api";
import { count, day, money, none, percent, words } from "../format";
import { Link } from "../parts/link";
import { Card, Notices, Table, Trouble } from "../parts/states";
import { say, texts } from "../texts";
import type { FileReport } from "../types";

const t = texts.import;
interface Sent { name: string; report: FileReport | null; problem: Problem | null }

export function Import() {
  const [sent, setSent] = useState<Sent[]>([]);
  const [dry, setDry] = useState(false);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // One after another, so that an older export never overtakes a newer one.
  const take = async (files: File[]) => {
    for (const file of files) {
      setSent((old) => [{ name: file.name, report: null, problem: null }, ...old]);
      let done: Sent;
      try {
        const answer = await upload(file, dry);
        const failed = answer.failed[0];
        done = { name: file.name, report: answer.files[0] ?? null, problem: failed ? new Problem(400, failed.code, failed.message, "") : null };
      } catch (error) {
        done = { name: file.name, report: null, problem: error instanceof Problem ? error : new Problem(0, "internal", String(error), "") };
      }
      setSent((old) => [done, ...old.slice(1)]);
    }
  };
  const drop = (event: DragEvent) => { event.preventDefault(); setOver(false); void take([...(event.dataTransfer?.files ?? [])]); };
  return (
    <div class="page import">
      <header class="page-head"><div><h1>{t.title}</h1><p class="dim">{t.lead}</p></div></header>
      <div class={`drop ${over ? "over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <svg viewBox="0 0 64 48" aria-hidden="true"><path d="M32 6v24m-9-9l9 9 9-9M10 34v6h44v-6" /></svg>
        <p class="lead">{t.drop}</p>
        <input ref={input} id="files" type="file" multiple accept=".csv,.tsv,.txt,.xlsx" class="hidden" aria-label={t.choose} onChange={(event) => { void take([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
        <button type="button" class="primary" onClick={() => input.current?.click()}>{t.choose}</button>
        <label class="inline"><input type="checkbox" checked={dry} onChange={(event) => setDry(event.currentTarget.checked)} />{t.dry}</label>
        <p class="dim">{t.limit}</p>
      </div>
      <div aria-live="polite">{sent.map((each, index) => <OneFile key={`${sent.length - index}`} sent={each} />)}</div>
    </div>
  );
}

function OneFile({ sent }: { sent: Sent }) {
  const { report, problem } = sent;
  if (problem) return <Card title={`${t.refusedFile}: ${sent.name}`}><Trouble problem={problem} /></Card>;
  if (!report) return <Card title={say(t.sending, { name: sent.name })}><div class="progress" role="progressbar" aria-label={say(t.sending, { name: sent.name })} /></Card>;
  const facts: [string, string][] = [
    [t.facts.platform, report.platform], [t.facts.level, report.level], [t.facts.grain, report.grain], [t.facts.breakdown, report.breakdown], [t.facts.days, `${day(report.from)} – ${day(report.to)}`],
    [t.facts.currency, report.currency], [t.facts.attribution, report.attribution], [t.facts.conversion, report.conversion_event], [t.facts.locale, report.locale], [t.facts.rows, count(report.rows)],
    [t.facts.added, count(report.added)], [t.facts.restated, count(report.restated)], [t.facts.unchanged, count(report.unchanged)], [t.facts.masked, count(report.masked)], [t.facts.unnamed, percent(report.naming_unnamed_share)],
  ];
  const totals = Object.entries(report.totals).filter(([name]) => name !== "spend_exact");
  const total = report.file_total;
  return (
    <Card title={`${report.dry_run ? t.looked : t.took}: ${sent.name}`} aside={!report.dry_run ? <Link to="/" class="button primary">{t.see}</Link> : undefined}>
      {report.repeated && <p class="lead">{t.repeated}</p>}
      <dl class="numbers">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="num">{value || none}</dd></div>)}</dl>
      <h3>{t.totals}</h3>
      <dl class="numbers">{totals.map(([name, value]) => (
        <div key={name}><dt>{words(name)}</dt><dd class="num">{value === null ? <span class="dim">{texts.state.notReported}</span> : typeof value === "string" ? money(value, report.currency) : count(value)}</dd></div>))}</dl>
      <p class={total ? (total.equal ? "better" : "worse") : "dim"}>{total ? `${t.total}: ${total.equal ? t.equal : say(t.unequal, { difference: total.spend_difference })}` : t.noTotal}</p>
      <Notices notices={report.notices} />
      {report.dropped_rows > 0 && <p class="dim">{say(t.dropped, { n: count(report.dropped_rows) })}: {report.dropped.slice(0, 5).map((each) => `${each.label || each.kind} (${t.facts.rows} ${each.line})`).join(", ")}</p>}
      {report.refused_rows > 0 && (
        <><h3 class="worse">{say(t.refused, { n: count(report.refused_rows) })}</h3>
          <Table label={say(t.refused, { n: report.refused_rows })} head={[texts.creative.line, t.column, t.value, t.reason]} rows={report.refused.map((each) => [count(each.line), each.column, each.value, each.reason])} /></>)}
      {report.accounts.length > 0 && <Table label={t.accounts} head={[t.accounts, t.facts.currency, t.facts.rows, t.spend]} right={[2, 3]} rows={report.accounts.map((each) => [each.name || each.account, each.currency, count(each.rows), money(each.spend, each.currency)])} />}
    </Card>
  );
}
