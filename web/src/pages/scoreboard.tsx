// Creatives side by side with their numbers: as a table or as a grid, chosen by the address.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useRead } from "../asked";
import { csvOf, download, fits, type Metric, metrics, quartiles, scales, sorted } from "../board";
import { count, money, percent, platformOf, unitOf } from "../format";
import { Poster } from "../parts/film";
import { Link } from "../parts/link";
import { Measure, Named, Platform, type Scale, Spark, Verdict } from "../parts/marks";
import { Rows } from "../parts/rows";
import { Empty, Notices, When } from "../parts/states";
import { choose, creativeAddress, go, usePlace } from "../route";
import { say, texts } from "../texts";
import type { Report, Row } from "../types";

const t = texts.scoreboard;
const kRowHeight = 76;
const kCardHeight = 414;
const kCardWidth = 232;
const kRowsMax = 1_000_000;
const kCompareMax = 4;
const kAdKinds = ["ad", "adset", "campaign"];
const kFilmKinds = ["creative", "hook_type", "opening", "ending", "captions", "first_face", "cta"];
const kNoTokens = new Set(["date", "version"]);

interface Naming { taxonomy: { patterns: { name: string; tokens: string[] }[] } }
type Shade = Map<Row, Partial<Record<Metric, number>>>;

export function Scoreboard() {
  const { query } = usePlace();
  const by = query.get("by") ?? "ad";
  const view = query.get("view") ?? "table";
  const sort = query.get("sort") ?? "spend";
  const up = query.get("up") === "1";
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const asked = useRead<Report>("report", { by, account: query.get("account") ?? "", from: query.get("from") ?? "", to: query.get("to") ?? "", limit: kRowsMax });
  const naming = useRead<Naming>("naming/show");
  const all = asked.data?.rows ?? [];
  const text = (query.get("q") ?? "").toLowerCase();
  const verdict = query.get("verdict") ?? "";
  const platform = query.get("platform") ?? "";
  const attribution = query.get("attribution") ?? "";
  const rows = useMemo(() => sorted(all.filter((row) => fits(row, { text, verdict, platform, attribution })), sort, up), [all, text, verdict, platform, attribution, sort, up]);
  const shade = useMemo(() => quartiles(all), [all]);
  const scale = useMemo(() => scales(all), [all]);
  const toggle = (key: string) => setPicked((old) => {
    const next = new Set(old);
    if (!next.delete(key) && next.size < kCompareMax) next.add(key);
    return next;
  });
  useEffect(() => setPicked(new Set()), [by]);
  const part = { rows, shade, scale, picked, toggle, by };
  return (
    <div class="page board">
      <header class="page-head">
        <div><h1>{t.title}</h1><p class="dim" aria-live="polite">{say(t.lead, { shown: count(rows.length), all: count(asked.data?.rows_in_all) })}</p></div>
        <div class="actions">
          {picked.size > 0 && <button type="button" class="quiet" onClick={() => setPicked(new Set())}>{t.clear}</button>}
          <button type="button" class="primary" disabled={picked.size < 2} onClick={() => go(compareAddress(picked, query))}>{picked.size === 0 ? t.compareNone : say(t.compare, { n: picked.size })}</button>
          <button type="button" disabled={rows.length === 0} onClick={() => download(`reelforge-${by}.csv`, csvOf(rows))}>{t.csv}</button>
        </div>
      </header>
      <Filters by={by} view={view} naming={naming.data} rows={all} />
      {asked.data && <Notices notices={[...asked.data.notices, ...unnamed(asked.data)]} />}
      <When asked={asked} rows={10}>{(data) => {
        if (data.rows_in_all === 0) return <Empty title={t.empty} lead={t.emptyLead}><Link to="/import" class="button primary">{t.emptyAction}</Link></Empty>;
        if (rows.length === 0) return <Empty title={t.nothing}><button type="button" onClick={() => choose({ q: "", verdict: "", from: "", to: "", platform: "", attribution: "" })}>{t.nothingAction}</button></Empty>;
        return view === "grid" ? <Grid {...part} /> : <BoardTable {...part} sort={sort} up={up} />;
      }}</When>
    </div>
  );
}

const unnamed = (data: Report) => (data.unnamed_spend_share === null ? [] : [say(t.unnamed, { share: percent(data.unnamed_spend_share) })]);

function compareAddress(picked: ReadonlySet<string>, query: URLSearchParams): string {
  const to = new URLSearchParams();
  for (const name of ["account", "from", "to", "by"]) { const value = query.get(name); if (value) to.set(name, value); }
  for (const key of picked) to.append("key", key);
  return `/compare?${to.toString()}`;
}

function Filters({ by, view, naming, rows }: { by: string; view: string; naming: Naming | null; rows: Row[] }) {
  const { query } = usePlace();
  const names = [...new Set(naming?.taxonomy.patterns.flatMap((each) => each.tokens) ?? ["concept"])].filter((each) => !kNoTokens.has(each));
  const option = (each: string) => <option key={each} value={each}>{each.replaceAll("_", " ")}</option>;
  const set = (name: string) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) => choose({ [name]: event.currentTarget.value });
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="grow"><span>{t.search}</span><input type="search" value={query.get("q") ?? ""} onInput={set("q")} /></label>
      <label><span>{t.by}</span>
        <select value={by} onChange={set("by")}>
          <optgroup label={t.level}>{kAdKinds.map(option)}</optgroup>
          <optgroup label={t.names}>{names.map(option)}</optgroup>
          <optgroup label={t.films}>{kFilmKinds.map(option)}</optgroup>
        </select>
      </label>
      <label><span>{t.verdict}</span>
        <select value={query.get("verdict") ?? ""} onChange={set("verdict")}>
          <option value="">{t.anyVerdict}</option>
          {Object.entries(texts.verdicts).map(([name, words]) => <option key={name} value={name}>{words}</option>)}
        </select>
      </label>
      <Among name="platform" label={t.platform} any={t.anyPlatform} values={rows.map((row) => platformOf(row.account))} />
      <Among name="attribution" label={t.setting} any={t.anySetting} values={rows.map((row) => row.attribution)} />
      <label><span>{t.from}</span><input type="date" value={query.get("from") ?? ""} onChange={set("from")} /></label>
      <label><span>{t.to}</span><input type="date" value={query.get("to") ?? ""} onChange={set("to")} /></label>
      <div class="switch" role="group" aria-label={t.view}>
        <button type="button" aria-pressed={view !== "grid"} onClick={() => choose({ view: "" })}>{t.table}</button>
        <button type="button" aria-pressed={view === "grid"} onClick={() => choose({ view: "grid" })}>{t.grid}</button>
      </div>
    </form>
  );
}

// A choice among what the rows have, where they differ.
function Among({ name, label, any, values }: { name: string; label: string; any: string; values: string[] }) {
  const { query } = usePlace();
  const chosen = query.get(name) ?? "";
  const there = [...new Set(values)].filter(Boolean).sort();
  if (there.length < 2 && !chosen) return null;
  return (
    <label><span>{label}</span>
      <select value={chosen} onChange={(event) => choose({ [name]: event.currentTarget.value })}>
        <option value="">{any}</option>{there.map((each) => <option key={each} value={each}>{each}</option>)}
      </select>
    </label>
  );
}

interface Part { rows: Row[]; shade: Shade; scale: Partial<Record<Metric, Scale>>; picked: ReadonlySet<string>; toggle: (key: string) => void; by: string }

const kColumns = ["name", "verdict", "spend", "impressions", ...metrics, "trend"] as const;

function BoardTable({ rows, shade, scale, picked, toggle, by, sort, up }: Part & { sort: string; up: boolean }) {
  const head = (
    <div class="row head" role="row" aria-rowindex={1}>
      {kColumns.map((each) => (
        <span key={each} role="columnheader" class={`c-${each}`} title={texts.columnHelp[each as keyof typeof texts.columnHelp]}
          aria-sort={sort === each ? (up ? "ascending" : "descending") : "none"}>
          {each === "trend" ? texts.columns.trend : (
            <button type="button" onClick={() => choose({ sort: each === "spend" ? "" : each, up: sort === each && !up ? "1" : "" })}>
              {texts.columns[each]}<i aria-hidden="true">{sort === each ? (up ? "↑" : "↓") : ""}</i>
            </button>)}
        </span>
      ))}
    </div>
  );
  return (
    <>
      <Rows count={rows.length} height={kRowHeight} head={head} label={t.title} columns={kColumns.length}>{(index) => {
        const row = rows[index]!;
        return (
          <div key={row.key + row.account} class="row" role="row" aria-rowindex={index + 2} data-row={row.key} style={{ height: `${kRowHeight}px` }}>
            <span role="cell" class="c-name">
              <Pick row={row} picked={picked} toggle={toggle} />
              {(by === "ad" || row.film) && <Poster film={row.film} name={row.name} />}
              <Name row={row} by={by} />
            </span>
            <span role="cell" class="c-verdict"><Verdict verdict={row.verdict} title={row.reason} />{row.fatigued && <em class="worn">{t.fatigued}</em>}
              {row.need && <small class="dim" title={row.need.text}>{row.need.text}</small>}</span>
            <span role="cell" class="c-spend num" data-cell="spend" data-label={texts.columns.spend}>{money(row.spend, row.currency)}</span>
            <span role="cell" class="c-impressions num" data-cell="impressions">{count(row.impressions)}</span>
            {metrics.map((each) => (
              <span key={each} role="cell" class={`c-${each}`} data-metric={each} data-label={texts.columns[each]}>
                <Measure of={row[each]} unit={unitOf[each]!} currency={row.currency} scale={scale[each]} quartile={shade.get(row)?.[each]} />
              </span>
            ))}
            <span role="cell" class="c-trend"><Spark values={row.spend_by_day} /></span>
          </div>
        );
      }}</Rows>
      <p class="dim legend"><span class="q1" /><span class="q2" /><span class="q3" /><span class="q4" />{t.quartiles}</p>
    </>
  );
}

function Pick({ row, picked, toggle }: { row: Row; picked: ReadonlySet<string>; toggle: (key: string) => void }) {
  return <input type="checkbox" aria-label={say(t.select, { name: row.name })} checked={picked.has(row.key)} disabled={!picked.has(row.key) && picked.size >= kCompareMax} onChange={() => toggle(row.key)} />;
}

const isPartOfNames = (by: string) => !kAdKinds.includes(by) && !kFilmKinds.includes(by);
const adsNamed = (row: Row) => `/?${new URLSearchParams({ q: row.name, account: row.account }).toString()}`;

// One ad opens as a report; a group opens as the ads in it where the name tells them.
function Name({ row, by }: { row: Row; by: string }) {
  const under = [row.account, row.ads > 1 ? say(t.ads, { n: count(row.ads) }) : "", row.attribution ? say(t.attribution, { name: row.attribution }) : ""].filter(Boolean).join(" · ");
  return (
    <span class="naming">
      {by === "ad" ? <Link to={creativeAddress(row.key, row.account)} class="name" title={row.name}><Named name={row.name} /></Link>
        : isPartOfNames(by) ? <Link to={adsNamed(row)} class="name" title={row.name}><Named name={row.name} /></Link> : <span class="name" title={row.name}><Named name={row.name} /></span>}
      <small class="dim"><Platform account={row.account} /> <span>{under.replace(/^[a-z]+:/, "")}</span></small>
    </span>
  );
}

function Grid({ rows, shade, scale, picked, toggle, by }: Part) {
  const root = useRef<HTMLDivElement>(null);
  const [across, setAcross] = useState(4);
  useEffect(() => {
    const at = root.current;
    if (!at) return;
    const seen = new ResizeObserver(() => setAcross(Math.max(1, Math.floor((at.clientWidth + 16) / (kCardWidth + 16)))));
    seen.observe(at);
    return () => seen.disconnect();
  }, []);
  return (
    <div ref={root} class="grid">
      <Rows count={Math.ceil(rows.length / across)} height={kCardHeight} label={t.title} columns={across}>{(index) => (
        <div key={index} class="cards" role="row" style={{ height: `${kCardHeight}px`, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}>
          {rows.slice(index * across, (index + 1) * across).map((row) => (
            <article key={row.key + row.account} class="tile" role="cell" data-row={row.key}>
              <Poster film={row.film} name={row.name} />
              <div class="tile-top"><Pick row={row} picked={picked} toggle={toggle} /><Verdict verdict={row.verdict} title={row.reason} />{row.fatigued && <em class="worn">{t.fatigued}</em>}</div>
              <Name row={row} by={by} />
              <p class="num spend">{money(row.spend, row.currency)}</p>
              <dl>{(["hook_rate", "hold_rate", "ctr", "cvr"] as const).map((each) => (
                <div key={each}><dt>{texts.columns[each]}</dt><dd><Measure of={row[each]} unit={unitOf[each]!} currency={row.currency} scale={scale[each]} quartile={shade.get(row)?.[each]} /></dd></div>
              ))}</dl>
            </article>
          ))}
        </div>
      )}</Rows>
    </div>
  );
}
