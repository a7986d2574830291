// The machine room: accounts, tokens, the log and its chain, health.
import { useState } from "preact/hooks";
import { change, read } from "../api";
import { useRead } from "../asked";
import { count, none, when, words } from "../format";
import { useDoing } from "../parts/doing";
import { Platform } from "../parts/marks";
import { Card, Notices, Table, Trouble, When } from "../parts/states";
import { usePlace } from "../route";
import { say, texts } from "../texts";
import type { Account, Failure } from "../types";
import { Settings } from "./plan";

const t = texts.operations;

export function Operations({ scopes }: { scopes: string[] }) {
  const account = usePlace().query.get("account") ?? "";
  return (
    <div class="page">
      <header class="page-head"><h1>{t.title}</h1></header>
      <div class="columns"><Health /><Audit account={account} /></div>
      <Accounts canSync={scopes.includes("propose")} />
      {scopes.includes("administer") && <Tokens />}
      <Drift account={account} can={scopes.includes("propose")} />
      <div class="columns"><Policies /><Rules /></div>
    </div>
  );
}

function Health() {
  const doctor = useRead<{ ok: boolean; checks: { name: string; ok: boolean; found: string; next_step: string }[] }>("doctor");
  const version = useRead<{ version: string; libraries: { name: string; version: string }[] }>("version");
  return (
    <Card title={t.health} aside={doctor.data && <span class={`tag ${doctor.data.ok ? "done" : "failed"}`}>{doctor.data.ok ? t.ok : t.notOk}</span>}>
      <When asked={doctor} rows={3}>{(data) => <ul class="plain">{data.checks.map((each) => (
        <li key={each.name}><span class={each.ok ? "better" : "worse"} aria-hidden="true">{each.ok ? "●" : "▲"}</span> <b>{each.name}</b> <span class="dim">{each.found}</span>{each.next_step && <small>{each.next_step}</small>}</li>))}</ul>}</When>
      {version.data && <details><summary>{t.version} {version.data.version}</summary><p class="dim">{version.data.libraries.map((each) => `${each.name} ${each.version}`).join(", ")}</p></details>}
    </Card>
  );
}

interface Entry { at: string; actor: string; kind: string; body: unknown; number?: number; note?: { at: string; actor: string; kind: string; body: unknown } }

function Audit({ account }: { account: string }) {
  const asked = useRead<{ entries: { account: string; entry: Entry }[]; entries_in_all: number }>("audit/show", { account, limit: 50 });
  const chain = useDoing<{ logs: { account: string; entries: number; problems: string[] }[]; failed: Failure[] }>();
  const check = () => void chain.run(() => read("audit/verify", { account }));
  const entries = chain.answer?.logs.reduce((sum, each) => sum + each.entries, 0) ?? 0;
  const problems = chain.answer?.logs.flatMap((each) => each.problems) ?? [];
  return (
    <Card title={t.audit} aside={<button type="button" class="quiet" onClick={check} disabled={chain.busy}>{t.chain}</button>}>
      {chain.problem && <Trouble problem={chain.problem} />}
      {chain.answer && <p role="status" class={problems.length === 0 ? "better" : "worse"}>{problems.length === 0 ? say(t.chainWhole, { entries: count(entries) }) : say(t.chainBroken, { n: problems.length })}</p>}
      {problems.map((each) => <p key={each} class="worse">{each}</p>)}
      <When asked={asked} rows={3}>{(data) => (data.entries.length === 0 ? <p class="dim">{t.noAudit}</p> : (
        <ol class="timeline">{[...data.entries].reverse().map(({ account: whose, entry }, index) => {
          const note = entry.note ?? entry;
          return <li key={index}><time dateTime={note.at}>{when(note.at)}</time><div><b>{note.kind}</b> <span class="dim">{note.actor} {whose}</span><details><summary>{t.details}</summary><pre>{JSON.stringify(note.body, null, 1)}</pre></details></div></li>;
        })}</ol>))}</When>
    </Card>
  );
}

function Accounts({ canSync }: { canSync: boolean }) {
  const asked = useRead<{ accounts: Account[] }>("accounts/list");
  const sync = useDoing<{ accounts: { account: string; rows: number; completeness: number; notices: string[] }[]; failed: Failure[] }>();
  const run = () => void sync.run(() => change("sync")).then((answer) => { if (answer) asked.again(); });
  const some = asked.data?.accounts.some((each) => each.connected);
  return (
    <Card title={t.accounts} aside={canSync && some ? <button type="button" class="quiet" onClick={run} disabled={sync.busy}>{t.sync}</button> : undefined}>
      {sync.problem && <Trouble problem={sync.problem} />}
      {sync.answer?.failed.map((each) => <p key={each.what} class="worse">{each.what}: {each.message}</p>)}
      <When asked={asked} rows={3}>{(data) => <Table label={t.accounts} head={[t.platform, t.accounts, t.name, t.currency, t.zone, t.connected, t.synced]}
        rows={data.accounts.map((each) => [<Platform account={each.account} />, each.account, each.name || none, each.currency || none, each.time_zone || none, each.connected ? t.connected : <span class="dim">{t.filesOnly}</span>, each.synced_at ? when(each.synced_at) : t.never])} />}</When>
    </Card>
  );
}

interface Token { id: string; name: string; scopes: string[]; accounts: string[]; created: string; expires: string; last_used: string | null; revoked: boolean }
const kScopes = ["read", "propose", "approve", "spend", "administer"];

function Tokens() {
  const asked = useRead<{ tokens: Token[] }>("tokens/list");
  const making = useDoing<{ token: string }>();
  const revoking = useDoing<unknown>();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set(["read"]));
  const make = (event: Event) => { event.preventDefault(); void making.run(() => change("tokens/create", { name, scopes: [...scopes] })).then((answer) => { if (answer) { setName(""); asked.again(); } }); };
  const revoke = (id: string) => void revoking.run(() => change("tokens/revoke", { id })).then((answer) => { if (answer) asked.again(); });
  const flip = (scope: string) => setScopes((old) => { const next = new Set(old); if (!next.delete(scope)) next.add(scope); return next; });
  return (
    <Card title={t.tokens}>
      <When asked={asked} rows={2}>{(data) => <Table label={t.tokens} head={[t.name, t.scopes, t.expires, t.used, ""]}
        rows={data.tokens.map((each) => [<><b>{each.name}</b> <small class="dim">{each.id}</small></>, each.scopes.join(", "), when(each.expires), when(each.last_used),
          each.revoked ? <span class="dim">{t.revoked}</span> : <button type="button" class="quiet" aria-label={`${t.revoke}: ${each.name}`} onClick={() => revoke(each.id)}>{t.revoke}</button>])} />}</When>
      {revoking.problem && <Trouble problem={revoking.problem} />}
      <form class="bar make" onSubmit={make}>
        <label>{t.tokenName}<input required value={name} maxLength={60} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <fieldset><legend>{t.scopes}</legend>{kScopes.map((each) => <label key={each} class="inline"><input type="checkbox" checked={scopes.has(each)} onChange={() => flip(each)} />{each}</label>)}</fieldset>
        <button type="submit" disabled={making.busy || scopes.size === 0}>{t.create}</button>
      </form>
      {making.problem && <Trouble problem={making.problem} />}
      {making.answer && <p role="status">{t.made} <code class="secret">{making.answer.token}</code></p>}
    </Card>
  );
}

interface Drifts { since: string | null; changes: { thing: string; name: string; what: string; before: string; after: string; alarm: boolean; next_step: string }[]; notices: string[] }

function Drift({ account, can }: { account: string; can: boolean }) {
  const look = useDoing<Drifts>();
  const run = () => void look.run(() => change("drift", { account }));
  if (!can) return null;
  return (
    <Card title={t.drift} aside={<button type="button" class="quiet" onClick={run} disabled={look.busy}>{t.look}</button>}>
      {look.problem && <Trouble problem={look.problem} />}
      {look.answer && <><Notices notices={look.answer.notices} />
        {look.answer.changes.length === 0 ? <p class="dim">{say(t.noDrift, { since: when(look.answer.since) })}</p> : <ul class="plain">{look.answer.changes.map((each, index) => (
          <li key={index}><span class={`tag ${each.alarm ? "failed" : ""}`}>{words(each.what)}</span> <b>{each.name || each.thing}</b> {each.before || none} → {each.after || none} <small class="dim">{each.next_step}</small></li>))}</ul>}</>}
    </Card>
  );
}

function Policies() {
  const asked = useRead<{ policies: Record<string, unknown> }>("policy/show");
  return <Card title={t.thresholds}><When asked={asked} rows={4}>{(data) => <Settings of={data.policies} />}</When></Card>;
}

function Rules() {
  const asked = useRead<{ armed: Record<string, unknown>[] }>("rules/list");
  const naming = useRead<{ taxonomy: { patterns: { name: string; separator: string; tokens: string[] }[] } }>("naming/show");
  return (
    <div>
      <Card title={t.rules}><When asked={asked} rows={2}>{(data) => (data.armed.length === 0 ? <p class="dim">{t.noRules}</p> : <>{data.armed.map((each, index) => <Settings key={index} of={each} />)}</>)}</When></Card>
      <Card title={t.naming}><When asked={naming} rows={2}>{(data) => <ul class="plain">{data.taxonomy.patterns.map((each) => <li key={each.name}><b>{each.name}</b> <code>{each.tokens.join(each.separator)}</code></li>)}</ul>}</When></Card>
    </div>
  );
}
