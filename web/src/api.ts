// The one way to the server: its operations, and the session.
import { signal } from "./signal";
import type { FileReport, Failure, Session } from "./types";

export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly next: string) { super(message); }
}

// Whether the server answered when it was last asked.
export const online = signal(true);
export const session = signal<Session | null | "unknown">("unknown");

async function answerOf(request: () => Promise<Response>): Promise<unknown> {
  let response: Response;
  try {
    response = await request();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    online.set(false);
    throw new Problem(0, "unavailable", "the server does not answer", "start it again with: reelforge serve");
  }
  online.set(true);
  const body: unknown = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const told = body as { code?: string; detail?: string; next?: string };
  if (response.status === 401) session.set(null);
  throw new Problem(response.status, told.code ?? "internal", told.detail ?? response.statusText, told.next ?? "");
}

type Fields = Record<string, string | number | boolean | string[] | undefined>;

function queryOf(input: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === "") continue;
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

// A read is asked by GET, so that ETags save what has not changed.
export function read<T>(operation: string, input: Fields = {}, abort?: AbortSignal): Promise<T> {
  const init = abort ? { signal: abort } : {};
  return answerOf(() => fetch(`/api/v1/${operation}${queryOf(input)}`, init)) as Promise<T>;
}

// A change has a key, so that a repeated click or a lost answer does it once.
export function change<T>(operation: string, input: Fields = {}): Promise<T> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== ""));
  return answerOf(() => fetch(`/api/v1/${operation}`, {
    method: "POST", body: JSON.stringify(given),
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  })) as Promise<T>;
}

export function upload(file: File, dryRun: boolean): Promise<{ files: FileReport[]; failed: Failure[] }> {
  return answerOf(() => fetch(`/api/v1/import/upload${queryOf({ name: file.name, dry_run: dryRun })}`, {
    method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" },
  })) as Promise<{ files: FileReport[]; failed: Failure[] }>;
}

export async function openSession(by: { token: string } | { code: string }): Promise<void> {
  session.set(await answerOf(() => fetch("/session", {
    method: "POST", body: JSON.stringify(by), headers: { "Content-Type": "application/json" },
  })) as Session);
}

export async function lookForSession(): Promise<void> {
  try {
    session.set(await answerOf(() => fetch("/session")) as Session | null);
  } catch (problem) {
    session.set(null);
    if (!(problem instanceof Problem)) throw problem;
  }
}

export async function endSession(): Promise<void> {
  session.set("unknown");  // Every page goes first, so that nothing is asked for without a session.
  await new Promise((resolve) => setTimeout(resolve, 50));
  try {
    await answerOf(() => fetch("/session", { method: "DELETE" }));
    session.set(null);
  } catch {
    await lookForSession();
  }
}

export const filmAddress = (sha256: string) => `/films/${encodeURIComponent(sha256)}`;
