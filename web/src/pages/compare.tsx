// Two to four rows of the scoreboard, side by side.
import { useRead } from "../asked";
import { type Metric, metrics, scales } from "../board";
import { count, money, unitOf } from "../format";
import { Poster } from "../parts/film";
import { Link } from "../parts/link";
import { Measure, Platform, Spark, Verdict } from "../parts/marks";
import { Empty, When } from "../parts/states";
import { creativeAddress, usePlace } from "../route";
import { texts } from "../texts";
import type { Report, Row } from "../types";
import type { ComponentChildren } from "preact";

const t = texts.compare;

export function Compare() {
  const { query } = usePlace();
  const by = query.get("by") ?? "ad";
  const keys = query.getAll("key").slice(0, 4);
  const asked = useRead<Report>("report", { by, account: query.get("account") ?? "", from: query.get("from") ?? "", to: query.get("to") ?? "", limit: 1_000_000 });
  return (
    <div class="page">
      <header class="page-head"><div><p><Link to="/">← {t.back}</Link></p><h1>{t.title}</h1></div></header>
      <When asked={asked}>{(data) => {
        const rows = keys.flatMap((key) => data.rows.filter((row) => row.key === key).slice(0, 1));
        return rows.length < 2 ? <Empty title={t.none} /> : <Beside rows={rows} by={by} />;
      }}</When>
    </div>
  );
}

function Beside({ rows, by }: { rows: Row[]; by: string }) {
  const scale = scales(rows);
  const line = (name: string, of: (row: Row) => ComponentChildren) => (
    <tr><th scope="row">{name}</th>{rows.map((row) => <td key={row.key}>{of(row)}</td>)}</tr>
  );
  const measure = (each: Metric) => line(texts.columns[each], (row) => (
    <Measure of={row[each]} unit={unitOf[each]!} currency={row.currency} scale={scale[each] && { low: 0, high: Math.max(...rows.map((r) => r[each]?.high ?? 0)) }} />));
  return (
    <div class="scroll card" tabIndex={0} role="region" aria-label={t.title}>
      <table class="beside">
        <thead><tr><th scope="col">{t.metric}</th>{rows.map((row) => (
          <th key={row.key} scope="col">{(by === "ad" || row.film) && <Poster film={row.film} name={row.name} />}
            {by === "ad" ? <Link to={creativeAddress(row.key, row.account)}>{row.name}</Link> : row.name}<small class="dim"><Platform account={row.account} /></small></th>))}</tr></thead>
        <tbody>
          {line(texts.columns.verdict, (row) => <><Verdict verdict={row.verdict} /><small class="dim reason">{row.reason}</small></>)}
          {line(texts.columns.spend, (row) => <b class="num">{money(row.spend, row.currency)}</b>)}
          {line(texts.columns.impressions, (row) => <span class="num">{count(row.impressions)}</span>)}
          {line(texts.columns.conversions, (row) => <span class="num">{count(row.conversions)}</span>)}
          {metrics.map(measure)}
          {line(texts.columns.trend, (row) => <Spark values={row.spend_by_day} />)}
        </tbody>
      </table>
    </div>
  );
}
