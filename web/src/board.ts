// The scoreboard's rows as the address chooses them: filtered, sorted, and shaded by quarter.
import type { Estimate, Row } from "./types";

export type Metric = "hook_rate" | "hold_rate" | "ctr" | "cvr" | "cpa" | "roas";
export const metrics: readonly Metric[] = ["hook_rate", "hold_rate", "ctr", "cvr", "cpa", "roas"];
const lessIsBetter = new Set<string>(["cpa"]);

export interface Wanted { text: string; verdict: string; platform: string; attribution: string }

export function fits(row: Row, { text, verdict, platform, attribution }: Wanted): boolean {
  if (verdict && row.verdict !== verdict) return false;
  if (platform && !row.account.startsWith(`${platform}:`)) return false;
  if (attribution && row.attribution !== attribution) return false;
  return !text || row.name.toLowerCase().includes(text) || row.key.toLowerCase().includes(text);
}

const verdictOrder = ["kill", "promote", "revive", "increase_budget", "decrease_budget", "keep", "wait", ""];
function valueOf(row: Row, by: string): number | string | null {
  if (by === "name") return row.name.toLowerCase();
  if (by === "spend") return Number(row.spend);
  if (by === "verdict") return verdictOrder.indexOf(row.verdict);
  if (by === "impressions" || by === "conversions") return row[by];
  return (row[by as Metric] as Estimate | null)?.value ?? null;
}

// What is not known comes last, whichever way is up.
export function sorted(rows: Row[], by: string, up: boolean): Row[] {
  return rows.map((row) => [valueOf(row, by), row] as const).sort(([a], [b]) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const order = a < b ? -1 : a > b ? 1 : 0;
    return up ? order : -order;
  }).map(([, row]) => row);
}

// For each metric and row, 1 for the worst quarter of the rows of its account to 4 for the best; none where fewer than four are known.
export function quartiles(rows: Row[]): Map<Row, Partial<Record<Metric, number>>> {
  const all = new Map<Row, Partial<Record<Metric, number>>>(rows.map((row) => [row, {}]));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.account);
    if (group) group.push(row);
    else groups.set(row.account, [row]);
  }
  for (const group of groups.values()) {
    for (const metric of metrics) {
      const known = group.filter((row) => row[metric] !== null).sort((a, b) => a[metric]!.value - b[metric]!.value);
      if (known.length < 4) continue;
      known.forEach((row, at) => {
        const quarter = 1 + Math.floor((4 * at) / known.length);
        all.get(row)![metric] = lessIsBetter.has(metric) ? 5 - quarter : quarter;
      });
    }
  }
  return all;
}

// From the lowest to the highest interval of what is shown, but for the few that would squeeze all others.
export function scales(rows: Row[]): Partial<Record<Metric, { low: number; high: number }>> {
  const made: Partial<Record<Metric, { low: number; high: number }>> = {};
  for (const metric of metrics) {
    const highs = rows.flatMap((row) => (row[metric] ? [row[metric]!.high] : [])).sort((a, b) => a - b);
    if (highs.length > 0) made[metric] = { low: 0, high: highs[Math.floor(0.95 * (highs.length - 1))]! };
  }
  return made;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  // A name that begins like a formula stays text in a spreadsheet.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// The numbers as the program gave them, unrounded.
export function csvOf(rows: Row[]): string {
  const head = ["key", "name", "account", "ads", "spend", "currency", "impressions", "clicks", "conversions", "verdict", "reason", "fatigued", "attribution", "conversion_event",
    ...metrics.flatMap((each) => [each, `${each}_low`, `${each}_high`, `${each}_n`])];
  const lines = rows.map((row) => [row.key, row.name, row.account, row.ads, row.spend, row.currency, row.impressions, row.clicks, row.conversions, row.verdict, row.reason,
    row.fatigued, row.attribution, row.conversion_event,
    ...metrics.flatMap((each) => { const of = row[each]; return [of?.value, of?.low, of?.high, of?.n]; })].map(cell).join(","));
  return [head.join(","), ...lines].join("\r\n") + "\r\n";
}

export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
