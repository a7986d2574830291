// Numbers as people of this browser's language write them. Nothing is worked out here, only written.
import { say, texts } from "./texts";
import type { Estimate, Money, Setting } from "./types";

const locale = navigator.language;
const made = new Map<string, Intl.NumberFormat>();
function formatOf(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let format = made.get(key);
  if (!format) made.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

export const none = texts.state.none;
export const count = (value: number | null | undefined) =>
  value == null ? none : formatOf({ maximumFractionDigits: 2 }).format(value);
export const decimal = (value: number | null | undefined, digits = 2) =>
  value == null ? none : formatOf({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
export const percent = (value: number | null | undefined, digits = 1) =>
  value == null ? none : formatOf({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

// Nearly sure is not sure: a chance is never rounded to certainty.
export function chance(value: number | null | undefined): string {
  if (value == null) return none;
  if (value < 1 && value > 0.999) return `> ${percent(0.999)}`;
  if (value > 0 && value < 0.001) return `< ${percent(0.001)}`;
  return percent(value);
}

export function money(amount: string | number | null | undefined, currency: string): string {
  if (amount == null || amount === "") return none;
  if (!/^[A-Z]{3}$/.test(currency)) return `${amount} ${currency}`.trim();
  // A decimal text keeps all its digits; engines take it as it is.
  return formatOf({ style: "currency", currency }).format(amount as number);
}
export const moneyOf = (value: Money | null | undefined) => (value ? money(value.amount, value.currency) : none);
export const settingOf = (value: Setting) => (value.daily_budget ? `${value.status}, ${moneyOf(value.daily_budget)}` : value.status);

export type Unit = "rate" | "money" | "ratio";
export const unitOf: Record<string, Unit> = { hook_rate: "rate", hold_rate: "rate", ctr: "rate", cvr: "rate", cpa: "money", roas: "ratio" };
export function inUnit(value: number | null | undefined, unit: Unit, currency: string): string {
  if (value == null) return none;
  if (unit === "money") return money(value, currency);
  if (unit === "ratio") return decimal(value);
  return percent(value, Math.abs(value) < 0.1 ? 2 : 1);
}
export const estimateWords = (each: Estimate, unit: Unit, currency: string) =>
  say(texts.scoreboard.interval, { value: inUnit(each.value, unit, currency), low: inUnit(each.low, unit, currency),
    high: inUnit(each.high, unit, currency), n: count(each.n) });

export const briefEstimate = (each: Estimate, unit: Unit, currency: string) =>
  `${inUnit(each.value, unit, currency)} (${inUnit(each.low, unit, currency)} – ${inUnit(each.high, unit, currency)}), n ${count(each.n)}`;

const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
export const when = (at: string | null | undefined) => (at ? moment.format(new Date(at)) : none);
// A day is the account's own: it is not moved into this browser's zone.
export const day = (at: string | null | undefined) => (at && at !== "1970-01-01" ? dayFormat.format(new Date(`${at}T00:00:00Z`)) : none);
const shortDay = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: "UTC" });
export const briefDay = (at: string) => shortDay.format(new Date(`${at}T00:00:00Z`));
export const seconds = (value: number | null | undefined) => (value == null ? none : `${decimal(value, 1)} s`);
export const platformOf = (account: string) => account.split(":")[0] ?? "";
export const words = (name: string) => name.replaceAll("_", " ").replaceAll(".", " · ");
