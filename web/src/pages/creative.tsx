// One creative: its numbers, why the verdict, and its film second by second.
import { useEffect, useRef, useState } from "preact/hooks";
import { filmAddress, session } from "../api";
import { useRead } from "../asked";
import { briefDay, briefEstimate, chance, count, day, decimal, inUnit, moneyOf, money, none, percent, seconds, unitOf, when, words } from "../format";
import { Chart } from "../parts/chart";
import { Lanes } from "../parts/lanes";
import { Poster, stop } from "../parts/film";
import { Link } from "../parts/link";
import { Platform, Verdict } from "../parts/marks";
import { Card, Empty, Notices, Table, Trouble, When } from "../parts/states";
import { creativeAddress, usePlace } from "../route";
import { say, texts } from "../texts";
import type { CreativeLine, Evidence, Explained, Features, Film, Performance, Retention, Seen } from "../types";

const t = texts.creative;

// A curve may also come from a file of the server's machine, so the operation asks for this scope.
const mayName = () => { const who = session.get(); return who !== null && who !== "unknown" && who.scopes.includes("administer"); };

export function Creative({ ad }: { ad: string }) {
  const account = usePlace().query.get("account") ?? "";
  const asked = useRead<Explained>("explain", { ad, account, days: 28 });
  return (
    <div class="page creative">
      <p><Link to={account ? `/?account=${encodeURIComponent(account)}` : "/"}>← {t.back}</Link></p>
      <When asked={asked} rows={8}>{(data) => <Report data={data} ad={ad} />}</When>
    </div>
  );
}

function Report({ data, ad }: { data: Explained; ad: string }) {
  const { item } = data;
  return (
    <>
      <header class="page-head creative-head">
        <div><h1>{item.ad}</h1><p class="dim"><Platform account={item.account} /> {item.account.replace(/^[a-z]+:/, "")} · {item.entity}</p></div>
        <Verdict verdict={item.action} />
      </header>
      <div class="columns">
        <Card title={t.why} kind="why">
          <p class="lead">{item.reason}</p>
          <dl class="facts">
            {item.confidence !== null && <Fact name={t.confidence}>{chance(item.confidence)}</Fact>}
            {item.effect && <Fact name={t.effect}>{item.effect}</Fact>}
            {(item.from || item.to) && <Fact name={texts.columns.trend}>{moneyOf(item.from)} → {moneyOf(item.to)}</Fact>}
            {item.would_change && <Fact name={t.would}>{item.would_change}</Fact>}
            {item.need && <Fact name={t.need}>{item.need.text}</Fact>}
            <Fact name={t.group}>{say(t.groupAds, { group: data.group, n: count(data.group_ads) })}</Fact>
          </dl>
        </Card>
        <Totals data={data} />
      </div>
      <FilmPart data={data} ad={ad} />
      <Card title={t.evidence}><EvidenceTable evidence={item.evidence} currency={data.currency} /></Card>
      <Days ad={ad} account={item.account} currency={data.currency} />
      <div class="columns">
        <Likes title={t.winners} lines={data.nearest_winners} />
        <Likes title={t.losers} lines={data.nearest_losers} />
      </div>
      <p class="dim">{data.likeness}</p>
      <Sources data={data} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Totals({ data }: { data: Explained }) {
  const asMoney = new Set(["spend", "conversion_value"]);
  return (
    <Card title={t.sums}>
      <dl class="numbers">{Object.entries(data.closed).map(([name, value]) => (
        <div key={name}><dt>{words(name)}</dt><dd class="num">{asMoney.has(name) ? money(value, data.currency) : count(value)}</dd></div>
      ))}</dl>
    </Card>
  );
}

export function EvidenceTable({ evidence, currency }: { evidence: Evidence[]; currency: string }) {
  const limit = (each: Evidence) => (each.threshold === null ? none : inUnit(each.threshold, unitOf[each.name] ?? "ratio", currency));
  return (
    <Table label={t.evidence} head={[t.claim, t.estimate, t.threshold, t.probability, t.required, t.met]} right={[2, 3, 4]}
      rows={evidence.map((each) => [each.claim,
        each.estimate ? briefEstimate(each.estimate, unitOf[each.name] ?? "ratio", currency) : <span class="dim">{texts.state.notEnough}</span>,
        limit(each), chance(each.probability), percent(each.required), <span class={each.met ? "met" : "dim"}>{each.met ? t.yes : t.no}</span>])} />
  );
}

function FilmPart({ data, ad }: { data: Explained; ad: string }) {
  const film = data.film;
  const account = data.item.account;
  const seen = useRead<Seen>(film ? "video/seen" : null, { ad, account });
  const retention = useRead<Retention>(film && data.closed["video_plays"] && mayName() ? "video/retention" : null, { ad, account });
  if (!film) return <Card title={t.film}><Empty title={t.noFilm} lead={t.noFilmLead} /></Card>;
  return (
    <>
      <When asked={seen} rows={4}>{(both) => <Second film={film} features={both.features} retention={retention.data} />}</When>
      {retention.data ? <LeavingTable data={retention.data} /> : (retention.problem || !data.closed["video_plays"] || !mayName()) && (
        <Card title={t.leaving}><p class="lead">{t.noCurve}</p><p class="dim">{retention.problem?.message ?? (data.closed["video_plays"] ? t.noScope : t.noPlays)}</p></Card>)}
      {seen.data && <Inside features={seen.data.features} film={film} />}
    </>
  );
}

function Second({ film, features, retention }: { film: Film; features: Features; retention: Retention | null }) {
  const video = useRef<HTMLVideoElement>(null);
  const [at, setAt] = useState(0);
  const [plays, setPlays] = useState(true);
  useEffect(() => { const at = video.current; return () => stop(at); }, [plays]);
  const jump = (to: number) => { setAt(to); if (video.current) video.current.currentTime = to; };
  const points: [number, number | null, number | null][] = (retention?.leaving ?? []).map((each) => [each.end_s, each.stay_share, null]);
  const stay = points.length > 0 ? [[0, 1] as [number, number], ...points.map(([x, y]) => [x, y] as [number, number | null])] : [];
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 0.5 : event.key === "ArrowLeft" ? -0.5 : 0;
    if (by !== 0) { event.preventDefault(); event.stopPropagation(); jump(Math.min(film.duration_s, Math.max(0, at + by))); }
  };
  return (
    <Card title={t.seen} kind="second" aside={<output class="num dim">{seconds(at)} / {seconds(film.duration_s)}</output>}>
      <div class="second-grid">
        <div class="player">
          {plays ? (
            <video ref={video} src={filmAddress(film.sha256)} controls playsInline preload="metadata" aria-label={film.file}
              onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)} onError={() => setPlays(false)} />
          ) : <div class="no-play"><strong>{film.file}</strong><p class="dim">{t.noPlay}</p></div>}
        </div>
        <div class="tracks" onKeyDown={step}>
          {stay.length > 0 && retention && (
            <Chart label={t.stay} x={stay.map(([x]) => x)} xMax={film.duration_s} height={150} cursor={at} onJump={jump} xFormat={(x) => `${x} s`}
              lines={[{ label: retention.plays === null ? t.stay : `${t.stay}, ${say(t.plays, { n: count(retention.plays) })}`, values: stay.map(([, y]) => y ?? null), colour: "--accent", format: (y) => percent(y, 0), fill: true }]} />)}
          <Chart label={t.attention} x={features.attention.t_s} xMax={film.duration_s} height={110} cursor={at} onJump={jump} xFormat={(x) => `${x} s`}
            lines={[{ label: t.attention, values: features.attention.value, colour: "--amber", format: (y) => decimal(y, 1) }]} />
          <Lanes features={features} duration={film.duration_s} at={at} jump={jump} />
        </div>
      </div>
    </Card>
  );
}

function LeavingTable({ data }: { data: Retention }) {
  return (
    <Card title={t.leaving} aside={<span class="dim">{data.curve}</span>}>
      <Notices notices={data.notices} />
      <Table label={t.leaving} head={[t.stretch, t.stays, t.leaves, t.usual, "n", t.onScreen]} right={[1, 2, 3, 4]}
        rows={data.leaving.map((each) => [`${decimal(each.start_s, 1)}–${decimal(each.end_s, 1)} s`, percent(each.stay_share),
          <span class="num">{percent(each.hazard)}{each.low !== null && each.high !== null && <small class="dim"> ({percent(each.low)}–{percent(each.high)})</small>}</span>,
          each.against_usual === null ? none : <span class={each.against_usual > 0 ? "worse" : "better"}>{each.against_usual > 0 ? "+" : ""}{percent(each.against_usual, 0)}</span>,
          count(each.n), each.on_screen.join(", ") || none])} />
    </Card>
  );
}

function Inside({ features, film }: { features: Features; film: Film }) {
  const unlike = Object.entries(features.dna.features).flatMap(([name, each]) => {
    if (each.value === null || each.unit === "yes" || each.high <= each.low) return [];
    return [{ name, ...each, value: each.value, part: Math.min(1, Math.max(0, (each.value - each.low) / (each.high - each.low))) }];
  }).sort((a, b) => Math.abs(b.part - 0.5) - Math.abs(a.part - 0.5)).slice(0, 12);
  return (
    <div class="columns">
      <Card title={t.hook} aside={<span class="dim">{say(t.score, { n: decimal(film.hook_score, 0) })}</span>}>
        <meter min={0} max={100} value={film.hook_score} aria-label={t.hook} />
        <dl class="facts">
          <Fact name={t.hookType}>{words(film.hook_type)}</Fact><Fact name={t.firstCut}>{seconds(film.first_cut_s)}</Fact>
          <Fact name={t.firstFace}>{seconds(film.first_face_s)}</Fact><Fact name={t.firstText}>{seconds(film.first_text_s)}</Fact>
          <Fact name={t.tempo}>{film.tempo_bpm === null ? none : `${decimal(film.tempo_bpm, 0)} bpm`}</Fact><Fact name={t.ending}>{words(film.ending)}</Fact>
        </dl>
        <h3>{t.improve}</h3><ul>{features.hook.improvements.map((each) => <li key={each}>{each}</li>)}</ul>
      </Card>
      <Card title={t.cta} aside={<span class="dim">{film.cta_score === null ? none : say(t.score, { n: decimal(film.cta_score, 0) })}</span>}>
        {film.cta_text && <p class="lead">“{film.cta_text}”</p>}
        <p>{seconds(features.cta.start_s)} – {seconds(features.cta.end_s)}: {features.cta.reason}</p>
        <h3>{t.dna}</h3>
        <ul class="dna">{unlike.map((each) => (
          <li key={each.name}><span>{words(each.name)}</span>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="6" rx="3" class="axis" /><circle cx={2 + each.part * 96} cy="3" r="3" /></svg>
            <span class="num">{decimal(each.value)} {each.unit}</span></li>
        ))}</ul>
      </Card>
    </div>
  );
}

function Days({ ad, account, currency }: { ad: string; account: string; currency: string }) {
  const asked = useRead<Performance>("performance", { ad_id: ad, account });
  if (asked.problem) return <Card title={t.days}><Trouble problem={asked.problem} again={asked.again} /></Card>;
  const days = asked.data?.days ?? [];
  if (days.length < 2) return null;
  const of = (name: string) => days.map((each) => each.counts[name] ?? null);
  const clicks = days.some((each) => each.counts["link_clicks"] !== undefined) ? "link_clicks" : "clicks_all";
  const x = days.map((_, index) => index);
  const dayAt = (index: number) => (Number.isInteger(index) && days[index] ? briefDay(days[index].day) : "");
  return (
    <Card title={t.days} aside={<span class="dim">{day(days[0]?.day)} – {day(days[days.length - 1]?.day)}</span>}>
      <div class="small-charts">
        <Chart label={t.spend} x={x} xFormat={dayAt} height={140} lines={[{ label: t.spend, values: of("spend"), colour: "--accent", format: (y) => money(y, currency), fill: true }]} />
        <Chart label={t.clicks} x={x} xFormat={dayAt} height={140} lines={[{ label: words(clicks), values: of(clicks), colour: "--amber", format: count }]} />
        <Chart label={t.conversions} x={x} xFormat={dayAt} height={140} lines={[{ label: t.conversions, values: of("conversions"), colour: "--blue", format: count, steps: true }]} />
      </div>
    </Card>
  );
}

function Likes({ title, lines }: { title: string; lines: CreativeLine[] }) {
  return (
    <Card title={title}>
      {lines.length === 0 ? <p class="dim">{texts.state.notEnough}</p> : (
        <ul class="likes">{lines.map((each) => (
          <li key={each.sha256 + each.account}>
            <Poster film={{ sha256: each.sha256 }} name={each.file} />
            <div><strong>{each.file}</strong><small class="dim">{each.ads.map((ad) => <Link key={ad} to={creativeAddress(ad, each.account)}>{ad}</Link>)}</small></div>
            <div class="num">{each.lift ? <><b class={each.lift.value > 0 ? "better" : "worse"}>{each.lift.value > 0 ? "+" : ""}{percent(each.lift.value)}</b><small class="dim">{percent(each.lift.low)} – {percent(each.lift.high)}, n {count(each.lift.n)}</small></> : none}</div>
          </li>))}</ul>)}
    </Card>
  );
}

function Sources({ data }: { data: Explained }) {
  const name = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  return (
    <details class="card"><summary>{t.sources} ({count(data.sources_in_all)})</summary>
      <Table label={t.sources} head={[t.day, t.file, t.line, t.asOf, t.impressions, t.clicks, t.spend]} right={[2, 4, 5, 6]}
        rows={data.sources.slice(0, 200).map((each) => [day(each.day), <>{name(each.file)}{!each.current && <em class="worn">{t.restated}</em>}</>, count(each.line), when(each.as_of),
          count(each.counts["impressions"]), count(each.counts["link_clicks"] ?? each.counts["clicks_all"]), money(each.counts["spend"], data.currency)])} />
    </details>
  );
}
