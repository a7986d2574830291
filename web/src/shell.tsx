// The frame around every page: who is here, where one may go, whether the server answers.
import { useEffect, useRef, useState } from "preact/hooks";
import { endSession, lookForSession, online, openSession, session } from "./api";
import { useRead } from "./asked";
import { Login } from "./login";
import { Compare } from "./pages/compare";
import { Creative } from "./pages/creative";
import { Import } from "./pages/import";
import { Learning } from "./pages/learning";
import { Operations } from "./pages/operations";
import { PlanPage } from "./pages/plan";
import { Scoreboard } from "./pages/scoreboard";
import { Link } from "./parts/link";
import { choose, go, usePlace } from "./route";
import { useSignal } from "./signal";
import { say, texts } from "./texts";
import type { Account, Session } from "./types";

const kPages = [
  { path: "/", key: "s", name: texts.nav.scoreboard, icon: "M4 19V9m5 10V5m5 14v-7m5 7V8" },
  { path: "/plan", key: "p", name: texts.nav.plan, icon: "M5 12l4 4L19 6" },
  { path: "/learning", key: "l", name: texts.nav.learning, icon: "M4 18c4 0 4-11 8-11s4 6 8 6" },
  { path: "/import", key: "i", name: texts.nav.import, icon: "M12 4v11m-5-5l5 5 5-5M5 20h14" },
  { path: "/operations", key: "o", name: texts.nav.operations, icon: "M5 7h14M5 12h14M5 17h9" },
] as const;

export function Shell() {
  const who = useSignal(session);
  const [usedLink, setUsedLink] = useState(false);
  useEffect(() => {
    const code = /^#code=(.+)$/.exec(location.hash)?.[1];
    if (!code) { void lookForSession(); return; }
    history.replaceState(null, "", location.pathname + location.search);  // It opens once; nobody should keep it.
    openSession({ code }).catch(() => { setUsedLink(true); void lookForSession(); });
  }, []);
  useEffect(theme, []);
  if (who === "unknown") return <div class="opening" role="status">{texts.login.opening}</div>;
  return who === null ? <Login usedLink={usedLink} /> : <Frame who={who} />;
}

function theme() { document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "system"; }

function Frame({ who }: { who: Session }) {
  const { path, query } = usePlace();
  const isOnline = useSignal(online);
  const accounts = useRead<{ accounts: Account[] }>("accounts/list");
  const [keys, setKeys] = useState(false);
  useKeys(() => setKeys(true));
  const page = kPages.find((each) => each.path === path);
  useEffect(() => { document.title = `${page?.name ?? texts.product} · ${texts.product}`; }, [path]);
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>{texts.skip}</a>
      <header class="top">
        <Link to="/" class="brand" aria-label={texts.product}><img src="/icon.svg" alt="" width="28" height="28" /><span>{texts.product}</span></Link>
        <nav aria-label={texts.navLabel}>
          {kPages.map((each) => (
            <Link key={each.path} to={kept(each.path, query)} aria-current={each.path === path || (each.path === "/" && /^\/(creative|compare)/.test(path)) ? "page" : undefined}>
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d={each.icon} /></svg><span>{each.name}</span>
            </Link>
          ))}
        </nav>
        <div class="who">
          <select aria-label={texts.account.label} value={query.get("account") ?? ""} onChange={(event) => choose({ account: event.currentTarget.value })}>
            <option value="">{texts.account.all}</option>
            {accounts.data?.accounts.map((each) => <option key={each.account} value={each.account}>{each.name || each.account}</option>)}
          </select>
          <ThemeChoice />
          <button type="button" class="quiet" onClick={() => setKeys(true)} aria-label={texts.help.open}>?</button>
          <button type="button" class="quiet" onClick={() => void endSession()} title={say(texts.signedInAs, { name: who.name })}>{texts.logout}</button>
        </div>
      </header>
      {!isOnline && <div class="offline" role="status">{texts.state.offline}</div>}
      <main id="content" tabIndex={-1}><Page path={path} scopes={who.scopes} accounts={accounts.data?.accounts ?? []} /></main>
      <Keys open={keys} close={() => setKeys(false)} />
    </div>
  );
}

function kept(path: string, query: URLSearchParams): string {
  const account = query.get("account");
  return account ? `${path}?account=${encodeURIComponent(account)}` : path;
}

function Page({ path, scopes, accounts }: { path: string; scopes: string[]; accounts: Account[] }) {
  if (path.startsWith("/creative/")) return <Creative ad={decodeURIComponent(path.slice("/creative/".length))} />;
  if (path === "/compare") return <Compare />;
  if (path === "/plan") return <PlanPage scopes={scopes} accounts={accounts} />;
  if (path === "/learning") return <Learning />;
  if (path === "/import") return <Import />;
  if (path === "/operations") return <Operations scopes={scopes} />;
  return <Scoreboard />;
}

function ThemeChoice() {
  const [value, setValue] = useState(localStorage.getItem("theme") ?? "system");
  const set = (next: string) => { localStorage.setItem("theme", next); setValue(next); theme(); dispatchEvent(new Event("theme")); };
  return (
    <select class="theme" aria-label={texts.theme.label} value={value} onChange={(event) => set(event.currentTarget.value)}>
      <option value="system">{texts.theme.system}</option><option value="light">{texts.theme.light}</option><option value="dark">{texts.theme.dark}</option>
    </select>
  );
}

function Keys({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { open ? dialog.current?.showModal() : dialog.current?.close(); }, [open]);
  return (
    <dialog ref={dialog} onClose={close} aria-label={texts.help.title}>
      <h2>{texts.help.title}</h2>
      <dl>{texts.help.rows.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
      <button type="button" onClick={close}>{texts.help.close}</button>
    </dialog>
  );
}

const typing = (target: EventTarget | null) => target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);

function useKeys(help: () => void) {
  useEffect(() => {
    let going = false;
    const press = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
      if (event.key === "?") help();
      if (event.key === "/") { document.querySelector<HTMLInputElement>("input[type=search]")?.focus(); event.preventDefault(); }
      const page = going ? kPages.find((each) => each.key === event.key) : undefined;
      if (page) go(kept(page.path, new URLSearchParams(location.search)));
      going = event.key === "g";
      const step = event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
      if (step !== 0) moveRow(step, event);
      if (event.key === "x") document.activeElement?.closest("[data-row]")?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

// From row to row by their links; what is not in sight yet is drawn as one comes to it.
function moveRow(step: number, event: KeyboardEvent) {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-row] a.name")];
  if (links.length === 0) return;
  const at = links.findIndex((each) => each.closest("[data-row]")?.contains(document.activeElement));
  const next = links[Math.min(links.length - 1, Math.max(0, at + step))];
  if (at === -1 && event.key.startsWith("Arrow")) return;
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}
