// What was learned from the films and their numbers, and how far it can be believed.
import { useState } from "preact/hooks";
import { useRead } from "../asked";
import { count, decimal, percent, words } from "../format";
import { Poster } from "../parts/film";
import { Link } from "../parts/link";
import { Interval } from "../parts/marks";
import { Card, Notices, Table, When } from "../parts/states";
import { creativeAddress, usePlace } from "../route";
import { say, texts } from "../texts";
import type { CreativeLine, Estimate } from "../types";

const t = texts.learning;
interface Patterns { patterns: PatternRow[]; tested: number; untestable: number; creatives: number; weeks: number; notices: string[] }
interface PatternRow { feature: string; effect: Estimate | number | null; low?: number; high?: number; n?: number; q?: number; replicated?: boolean; text?: string }
interface Dna { winners: CreativeLine[]; losers: CreativeLine[]; unsure: number; apart: Contrast[]; tested: number; not_enough_data: number; notices: string[] }
interface Contrast { feature: string; unit: string; winners: number; losers: number; difference: number; low: number; high: number; effect: number; q: number; n_winners: number; n_losers: number }
interface Recipes { recipes: { recipe: Record<string, unknown>; times_used: number; best_reward_score: number; avg_reward_score: Estimate }[]; films: number; without_result: number; notices: string[] }

const kOutcomes = ["ctr", "cvr", "hook_rate", "hold_rate"] as const;

export function Learning() {
  const account = usePlace().query.get("account") ?? "";
  const [outcome, setOutcome] = useState<string>("ctr");
  const patterns = useRead<Patterns>("patterns", { account, outcome });
  const dna = useRead<Dna>("video/dna", { account });
  const recipes = useRead<Recipes>("recipes", { account });
  return (
    <div class="page">
      <header class="page-head"><div><h1>{t.title}</h1><p class="dim">{t.lead} {t.correlation}</p></div>
        <label>{t.outcome} <select value={outcome} onChange={(event) => setOutcome(event.currentTarget.value)}>{kOutcomes.map((each) => <option key={each} value={each}>{texts.columns[each]}</option>)}</select></label></header>
      <Card title={t.patterns}>
        <When asked={patterns} rows={4}>{(data) => (
          <>
            {data.patterns.length === 0 ? <p class="lead">{t.noPatterns}</p> : (
              <Table label={t.patterns} head={[t.feature, t.effect, "", "n", t.replicated]} right={[3]} rows={data.patterns.map(patternRow)} />)}
            <p class="dim">{say(t.tested, { n: count(data.tested), untestable: count(data.untestable), creatives: count(data.creatives), weeks: count(data.weeks) })}</p>
            <Notices notices={data.notices} />
          </>)}</When>
      </Card>
      <When asked={dna} rows={6}>{(data) => (
        <>
          <Card title={t.dna}>
            {data.apart.length === 0 ? <p class="lead">{t.noApart}</p> : (
              <Table label={t.dna} head={[t.feature, t.winners, t.losers, t.effect, "n"]} right={[1, 2, 4]}
                rows={data.apart.map((each) => [words(each.feature), `${decimal(each.winners)} ${each.unit}`, `${decimal(each.losers)} ${each.unit}`,
                  <span class="num">{decimal(each.difference)} <small class="dim">{decimal(each.low)} – {decimal(each.high)}</small></span>, `${count(each.n_winners)} / ${count(each.n_losers)}`])} />)}
            <Notices notices={data.notices} />
          </Card>
          <div class="columns"><Films title={t.winners} lines={data.winners} /><Films title={t.losers} lines={data.losers} /></div>
          <p class="dim">{say(t.unsure, { n: count(data.unsure) })}</p>
        </>)}</When>
      <Card title={t.recipes}>
        <When asked={recipes} rows={3}>{(data) => (
          <>
            {data.recipes.length === 0 ? <p class="lead">{t.noRecipes}</p> : (
              <Table label={t.recipes} head={[t.recipes, "n", t.effect]} right={[1]} rows={data.recipes.map((each) => [Object.entries(each.recipe).map(([name, value]) => `${words(name)} ${String(value)}`).join(", "), count(each.times_used),
                <span class="num">{decimal(each.avg_reward_score.value)} <small class="dim">{decimal(each.avg_reward_score.low)} – {decimal(each.avg_reward_score.high)}, n {count(each.avg_reward_score.n)}</small></span>])} />)}
            <Notices notices={data.notices} />
          </>)}</When>
      </Card>
    </div>
  );
}

function patternRow(each: PatternRow) {
  const of = typeof each.effect === "number" ? { value: each.effect, low: each.low ?? each.effect, high: each.high ?? each.effect, n: each.n ?? 0 } : each.effect;
  const reach = of ? Math.max(Math.abs(of.low), Math.abs(of.high)) : 1;
  return [words(each.feature), of ? <span class="num">{of.value > 0 ? "+" : ""}{percent(of.value)} <small class="dim">{percent(of.low)} – {percent(of.high)}</small></span> : <span class="dim">{texts.state.notEnough}</span>,
    of ? <Interval of={of} scale={{ low: -reach, high: reach }} /> : "", count(of?.n), each.replicated ? texts.creative.yes : texts.creative.no];
}

function Films({ title, lines }: { title: string; lines: CreativeLine[] }) {
  const reach = Math.max(0.01, ...lines.flatMap((each) => (each.lift ? [Math.abs(each.lift.low), Math.abs(each.lift.high)] : [])));
  return (
    <Card title={title} aside={<span class="dim">{t.lift}</span>}>
      <ul class="likes">{lines.map((each) => (
        <li key={each.sha256 + each.account}>
          <Poster film={{ sha256: each.sha256 }} name={each.file} />
            <div><strong>{each.file}</strong><small class="dim">{each.ads.map((ad) => <Link key={ad} to={creativeAddress(ad, each.account)}>{ad}</Link>)}</small></div>
          <div class="num">{each.lift && <><b class={each.lift.value > 0 ? "better" : "worse"}>{each.lift.value > 0 ? "+" : ""}{percent(each.lift.value)}</b>
            <small class="dim">{percent(each.lift.low)} – {percent(each.lift.high)}</small><Interval of={each.lift} scale={{ low: -reach, high: reach }} /></>}</div>
        </li>))}</ul>
    </Card>
  );
}
