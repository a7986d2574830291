// Where we are: the page by path, everything chosen on it by query, so that an address is a saved view.
import { signal, useSignal } from "./signal";

export interface Place { path: string; query: URLSearchParams }
const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });
export const place = signal<Place>(here());
addEventListener("popstate", () => place.set(here()));

export function go(to: string): void {
  history.pushState(null, "", to);
  place.set(here());
  document.getElementById("content")?.focus({ preventScroll: false });
  scrollTo(0, 0);
}

// Changes what is chosen on this page; no step back in the history for each key that is typed.
export function choose(changes: Record<string, string>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
  const text = query.toString();
  history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
  place.set(here());
}

export const usePlace = () => useSignal(place);

export const creativeAddress = (key: string, account: string) =>
  `/creative/${encodeURIComponent(key)}${account ? `?account=${encodeURIComponent(account)}` : ""}`;
