// The states that every list and page can be in, each designed.
import type { ComponentChildren } from "preact";
import type { Asked } from "../asked";
import type { Problem } from "../api";
import { texts } from "../texts";

export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div class="loading" role="status" aria-label={texts.state.loading}>
      {Array.from({ length: rows }, (_, index) => <div key={index} class="bone" />)}
    </div>
  );
}

export function Empty({ title, lead, children }: { title: string; lead?: string | undefined; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 120 60" aria-hidden="true"><path d="M6 48 C 26 46, 34 18, 52 24 S 82 44, 114 12" /><circle cx="52" cy="24" r="4" /></svg>
      <h2>{title}</h2>
      {lead && <p>{lead}</p>}
      {children}
    </div>
  );
}

export function Trouble({ problem, again }: { problem: Problem; again?: () => void }) {
  const title = problem.status === 403 ? texts.state.denied : texts.state.failed;
  return (
    <div class="trouble" role="alert">
      <strong>{title}</strong>
      <p>{problem.message}</p>
      {problem.next && <p class="dim">{problem.next}</p>}
      {again && <button type="button" onClick={again}>{texts.state.retry}</button>}
    </div>
  );
}

// Shows the answer, or the state in its place; an old answer stays while a new one is awaited.
export function When<T>({ asked, rows, children }: { asked: Asked<T>; rows?: number; children: (data: T) => ComponentChildren }) {
  return (
    <>
      {asked.problem && <Trouble problem={asked.problem} again={asked.again} />}
      {asked.data === null && asked.loading && <Loading {...(rows ? { rows } : {})} />}
      {asked.data !== null && children(asked.data)}
    </>
  );
}

export function Notices({ notices }: { notices: string[] }) {
  if (notices.length === 0) return null;
  return (
    <details class="notices">
      <summary>{texts.state.notices} ({notices.length})</summary>
      <ul>{notices.map((each) => <li key={each}>{each}</li>)}</ul>
    </details>
  );
}

export function Card({ title, aside, children, kind = "" }: { title?: string; aside?: ComponentChildren; children: ComponentChildren; kind?: string }) {
  return (
    <section class={`card ${kind}`} aria-label={title}>
      {title && <header><h2>{title}</h2>{aside}</header>}
      {children}
    </section>
  );
}

export function Table({ label, head, rows, right = [] }: { label: string; head: string[]; rows: ComponentChildren[][]; right?: number[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead><tr>{head.map((each, at) => <th key={each} scope="col" class={right.includes(at) ? "right" : ""}>{each}</th>)}</tr></thead>
        <tbody>{rows.map((row, index) => (
          <tr key={index}>{row.map((cell, at) => <td key={at} class={right.includes(at) ? "right" : ""}>{cell}</td>)}</tr>
        ))}</tbody>
      </table>
    </div>
  );
}
