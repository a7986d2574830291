// What should be done, and by whom it is allowed; what was done, taken back, and whether it was right.
import { useEffect, useRef, useState } from "preact/hooks";
import { change, session } from "../api";
import { useRead } from "../asked";
import { chance, count, moneyOf, percent, settingOf, when, words } from "../format";
import { type Doing, useDoing } from "../parts/doing";
import { Link } from "../parts/link";
import { Interval, Named, Platform, Verdict } from "../parts/marks";
import { Card, Empty, Notices, Table, Trouble, When } from "../parts/states";
import { choose, creativeAddress, usePlace } from "../route";
import { say, texts } from "../texts";
import type { Account, Acting, Failure, Money, Plan, PlanItem, ReceiptView, StepResult, Verdicts } from "../types";
import { EvidenceTable } from "./creative";

const t = texts.plan;

export function PlanPage({ scopes, accounts }: { scopes: string[]; accounts: Account[] }) {
  const account = usePlace().query.get("account") ?? "";
  const plan = useRead<Plan>("plan/show", { account });
  const receipts = useRead<{ receipts: ReceiptView[]; receipts_in_all: number }>("receipts", { account, limit: 100 });
  const acting = useDoing<Acting>();
  const turn = useDoing<unknown>();
  const after = () => { plan.again(); receipts.again(); };
  const decide = async () => { if (await turn.run(() => change("turn", account ? { account } : {}))) plan.again(); };
  return (
    <div class="page plan">
      <header class="page-head">
        <div><h1>{t.title}</h1><p class="dim">{t.lead}</p></div>
        <div class="actions">
          {scopes.includes("propose") && <button type="button" disabled={turn.busy} onClick={() => void decide()}>{turn.busy ? t.turning : t.turn}</button>}
          {scopes.includes("spend") && <KillAll account={account} />}
        </div>
      </header>
      {turn.problem && <Trouble problem={turn.problem} />}
      <When asked={plan} rows={6}>{(data) => <Items plan={data} account={account} accounts={accounts} scopes={scopes} acting={acting} after={after} />}</When>
      <Limits account={account} />
      <Receipts asked={receipts} account={account} canUndo={scopes.includes("spend")} acting={acting} after={after} />
      <Judged account={account} canAsk={scopes.includes("propose")} />
    </div>
  );
}

interface ItemsPart { plan: Plan; account: string; accounts: Account[]; scopes: string[]; acting: Doing<Acting>; after: () => void }

function Items({ plan, account, accounts, scopes, acting, after }: ItemsPart) {
  const todo = plan.items.filter((each) => each.priority > 0);
  const rest = plan.items.filter((each) => each.priority === 0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChosen(new Set()), [plan.hash]);
  const toggle = (id: string) => setChosen((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
  const single = account || (accounts.length === 1 ? accounts[0]!.account : "");
  const who = session.get();
  const ask = (operation: string, more: Record<string, boolean> = {}) => void acting.run(() => change<Acting>(operation, {
    items: [...chosen], plan: plan.hash, account: single, as: who && who !== "unknown" ? who.name : "", ...more,
  })).then((answer) => { if (answer) after(); });
  const execute = () => { if (confirm(say(t.confirmExecute, { n: chosen.size, account: single }))) ask("plan/execute"); };
  return (
    <Card title={t.todo} aside={<span class="dim">{say(t.hash, { hash: plan.hash.slice(0, 8) })} · {say(t.expires, { time: when(plan.expires_at) })}</span>}>
      {todo.length === 0 ? <Empty title={t.noTodo} /> : (
        <>
          <Tally items={todo} />
          <div class="bar">
            {single && <button type="button" class="quiet" onClick={() => setChosen(new Set(todo.map((each) => each.id)))}>{t.chooseAll}</button>}
            {single ? (
              <>
                <button type="button" disabled={chosen.size === 0 || acting.busy} onClick={() => ask("plan/execute", { dry_run: true })}>{t.rehearse}</button>
                <button type="button" disabled={chosen.size === 0 || acting.busy || !scopes.includes("approve")} onClick={() => ask("plan/approve")}>{say(t.approve, { n: chosen.size })}</button>
                <button type="button" class="primary" disabled={chosen.size === 0 || acting.busy || !scopes.includes("spend")} onClick={execute}>{say(t.execute, { n: chosen.size })}</button>
              </>
            ) : (<><span class="dim">{t.mixed}</span>{accounts.map((each) => <button key={each.account} type="button" onClick={() => choose({ account: each.account })}><Platform account={each.account} /> {each.name || each.account.replace(/^[a-z]+:/, "")}</button>)}</>)}
          </div>
          {acting.problem && <Trouble problem={acting.problem} />}
          {acting.answer && <Outcome answer={acting.answer} />}
          <ol class="steps">{todo.map((each) => <Item key={each.id} item={each} chosen={chosen.has(each.id)} toggle={single ? toggle : null} />)}</ol>
        </>
      )}
      {rest.length > 0 && (
        <details><summary>{t.rest}: {say(t.restLead, { wait: rest.filter((each) => each.action === "wait").length, keep: rest.filter((each) => each.action !== "wait").length })}</summary>
          <ol class="steps">{rest.map((each) => <Item key={each.id} item={each} chosen={false} toggle={null} />)}</ol></details>
      )}
    </Card>
  );
}

function Tally({ items }: { items: PlanItem[] }) {
  const kinds = [...new Set(items.map((each) => each.action))];
  return <p class="tally">{kinds.map((each) => <span key={each}><b class="num">{count(items.filter((item) => item.action === each).length)}</b> <Verdict verdict={each} /></span>)}</p>;
}

function Item({ item, chosen, toggle }: { item: PlanItem; chosen: boolean; toggle: ((id: string) => void) | null }) {
  const currency = item.from?.currency ?? item.to?.currency ?? "";
  return (
    <li class={`step ${chosen ? "chosen" : ""}`} data-row={item.id}>
      <div class="step-head">
        {toggle && <input type="checkbox" checked={chosen} aria-label={say(t.choose, { id: item.id, name: item.ad })} onChange={() => toggle(item.id)} />}
        <Verdict verdict={item.action} />
        <div class="naming"><Link to={creativeAddress(item.entity, item.account)} class="name"><Named name={item.ad} /></Link><small class="dim"><Platform account={item.account} /> {item.account.replace(/^[a-z]+:/, "")}</small></div>
        {(item.from || item.to) && <b class="num move">{say(t.perDay, { from: moneyOf(item.from), to: moneyOf(item.to) })}</b>}
      </div>
      <p>{item.reason}</p>
      <p class="dim">{[item.effect, item.confidence !== null ? `${texts.creative.confidence}: ${chance(item.confidence)}` : "", item.need?.text ?? ""].filter(Boolean).join(" · ")}</p>
      {item.evidence.length > 0 && <details><summary>{say(t.evidence, { n: item.evidence.length })}</summary><EvidenceTable evidence={item.evidence} currency={currency} /></details>}
    </li>
  );
}

const outcomeWords = (step: StepResult) => t.outcomes[step.outcome as keyof typeof t.outcomes] ?? step.outcome;

function Outcome({ answer }: { answer: Acting }) {
  return (
    <div class="outcome" role="status">
      <h3>{t.outcome}</h3>
      <Notices notices={answer.notices} />
      {answer.failed.map((each) => <p key={each.what} class="worse">{each.what}: {each.message}</p>)}
      {answer.steps.length > 0 && <ul class="plain">{answer.steps.map((each, index) => (
        <li key={index}><span class={`tag ${each.outcome}`}>{outcomeWords(each)}</span> <b>{each.step.name || each.step.entity}</b> {settingOf(each.step.before)} → {settingOf(each.step.after)}
          {each.reason && <small class="dim"> {each.reason} {each.next_step}</small>}{each.people > 0 && <small class="dim"> {each.approved_by.length}/{each.people}</small>}</li>))}</ul>}
      {answer.unplaced.map((each) => <p key={each.item} class="dim">{each.item}: {each.reason}</p>)}
      {answer.by_hand.length > 0 && (
        <><h3>{t.byHand}</h3><p class="dim">{t.byHandLead}</p>
          <ul class="plain">{answer.by_hand.map((each) => <li key={each.item}><b>{each.name}</b>: {each.what} <small class="dim">{each.entity} {each.from || each.to ? say(t.perDay, { from: moneyOf(each.from), to: moneyOf(each.to) }) : ""}</small></li>)}</ul></>)}
    </div>
  );
}

function Limits({ account }: { account: string }) {
  const asked = useRead<{ limits: Record<string, unknown> | null; notices: string[] }>("limits/show", { account });
  return (
    <Card title={t.limits}>
      <When asked={asked} rows={2}>{(data) => (data.limits === null
        ? <><p class="lead">{t.noLimits}</p><p class="dim"><code>{t.setLimits}</code></p></>
        : <><ul>{data.notices.map((each) => <li key={each}>{each}</li>)}</ul><Settings of={data.limits} /></>)}</When>
    </Card>
  );
}

// A document of settings as names and values, however deep.
export function Settings({ of }: { of: Record<string, unknown> }) {
  const flat: [string, string][] = [];
  const walk = (value: unknown, path: string) => {
    const amount = value as Money | null;
    if (amount !== null && typeof amount === "object" && amount.amount !== undefined && amount.currency !== undefined) flat.push([path, moneyOf(amount)]);
    else if (value !== null && typeof value === "object" && !Array.isArray(value)) for (const [name, each] of Object.entries(value)) walk(each, path ? `${path}.${name}` : name);
    else flat.push([path, value === null ? texts.state.none : typeof value === "number" ? count(value) : Array.isArray(value) ? value.map((each) => (typeof each === "object" ? JSON.stringify(each) : String(each))).join(", ") || texts.state.none : String(value)]);
  };
  walk(of, "");
  return <dl class="numbers">{flat.map(([name, value]) => <div key={name}><dt>{words(name)}</dt><dd class="num">{value}</dd></div>)}</dl>;
}

function Receipts({ asked, account, canUndo, acting, after }: {
  asked: ReturnType<typeof useRead<{ receipts: ReceiptView[]; receipts_in_all: number }>>; account: string; canUndo: boolean; acting: Doing<Acting>; after: () => void;
}) {
  const undo = (view: ReceiptView) => void acting.run(() => change<Acting>("undo", { receipts: [String(view.receipt.id)], account: view.account })).then((answer) => { if (answer) after(); });
  void account;
  return (
    <Card title={t.receipts} aside={<span class="dim num">{count(asked.data?.receipts_in_all)}</span>}>
      <When asked={asked} rows={3}>{(data) => (data.receipts.length === 0 ? <p class="dim">{t.noReceipts}</p> : (
        <ol class="timeline">{data.receipts.map((view) => {
          const { receipt } = view;
          return (
            <li key={`${view.account} ${receipt.id}`}>
              <time dateTime={receipt.at}>{when(receipt.at)}</time>
              <div><span class={`tag ${receipt.state}`}>{receipt.state}</span> <b>{receipt.step.name || receipt.step.entity}</b> {settingOf(receipt.step.before)} → {settingOf(receipt.step.after)}
                <p class="dim">{receipt.step.reason} · {receipt.actor}{receipt.approved_by.length > 0 && ` (${receipt.approved_by.join(", ")})`} {receipt.note}</p></div>
              {canUndo && receipt.state === "done" && receipt.step.undoes === 0 && <button type="button" aria-label={say(t.undoOf, { id: receipt.id })} disabled={acting.busy} onClick={() => undo(view)}>{t.undo}</button>}
            </li>);
        })}</ol>))}</When>
    </Card>
  );
}

function Judged({ account, canAsk }: { account: string; canAsk: boolean }) {
  const verdicts = useDoing<Verdicts>();
  const ask = () => void verdicts.run(() => change<Verdicts>("verdicts", { account }));
  useEffect(() => { if (canAsk) ask(); }, [account]);
  const data = verdicts.answer;
  const clear = (each: unknown) => (typeof each === "number" ? count(each) : each === null || each === undefined ? texts.state.none : String(each));
  return (
    <Card title={t.verdicts} aside={canAsk ? <button type="button" class="quiet" onClick={ask} disabled={verdicts.busy}>{t.judge}</button> : undefined}>
      {verdicts.problem && <Trouble problem={verdicts.problem} again={ask} />}
      {data && data.verdicts.length === 0 && <p class="dim">{t.noVerdicts}</p>}
      {data && data.verdicts.length > 0 && <Table label={t.verdicts} head={["", texts.columns.name, t.policy, "", ""]}
        rows={data.verdicts.map((each) => [<span class={`tag ${clear(each.verdict["outcome"])}`}>{clear(each.verdict["outcome"])}</span>, each.name, clear(each.verdict["policy"]), clear(each.verdict["reason"]), clear(each.verdict["after_days"])])} />}
      {data && data.policies.length > 0 && (
        <><h3>{t.policies}</h3>
          <Table label={t.policies} head={[t.policy, t.right, t.wrong, t.unclear, t.winRate, t.level, t.suggested, texts.import.reason]} right={[1, 2, 3]}
            rows={data.policies.map((each) => [`${each.policy} · ${each.account}`, count(each.right), count(each.wrong), count(each.unclear),
              each.win_rate ? <span class="num">{percent(each.win_rate.value, 0)} <small class="dim">{percent(each.win_rate.low, 0)}–{percent(each.win_rate.high, 0)}, n {count(each.win_rate.n)}</small><Interval of={each.win_rate} scale={{ low: 0, high: 1 }} /></span> : <span class="dim">{texts.state.notEnough}</span>,
              each.level, each.suggested, each.reason])} /></>)}
    </Card>
  );
}

interface Halted { accounts: { account: string; halt: { halted: boolean; confirmed: string | null }; connected: boolean; still_running: number; trouble: string }[]; failed: Failure[] }

function KillAll({ account }: { account: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const killing = useDoing<Halted>();
  const run = (lift: boolean) => void killing.run(() => change<Halted>("kill-all", { account, reason: reason || "asked for", lift }));
  return (
    <>
      <button type="button" class="danger" onClick={() => { setTyped(""); killing.forget(); dialog.current?.showModal(); }}>{t.kill}</button>
      <dialog ref={dialog} aria-label={t.kill}>
        <h2>{t.kill}</h2><p>{t.killLead}</p><p class="dim">{account || texts.account.all}</p>
        <label>{t.killReason}<input value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <label>{t.killConfirm}<input value={typed} autocomplete="off" onInput={(event) => setTyped(event.currentTarget.value)} /></label>
        {killing.problem && <Trouble problem={killing.problem} />}
        {killing.answer && <ul class="plain" role="status">{killing.answer.accounts.map((each) => (
          <li key={each.account}><b>{each.account}</b> {each.halt.confirmed ? t.confirmed : each.connected ? say(t.stillRunning, { n: each.still_running }) : t.queued} <small class="dim">{each.trouble}</small></li>))}</ul>}
        <div class="bar"><button type="button" class="danger" disabled={typed !== "STOP" || killing.busy} onClick={() => run(false)}>{t.killDo}</button>
          <button type="button" disabled={killing.busy} onClick={() => run(true)}>{t.lift}</button><button type="button" class="quiet" onClick={() => dialog.current?.close()}>{t.cancel}</button></div>
      </dialog>
    </>
  );
}
