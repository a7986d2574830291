// The shapes of the operations that the dashboard asks, as /api/v1/openapi.json describes them.
export interface Estimate { value: number; low: number; high: number; n: number }
export interface Money { amount: string; currency: string }
export interface Need { metric: string; more: number; days: number | null; text: string }
export interface Film {
  sha256: string; file: string; matched_by: string; duration_s: number; hook_type: string; hook_score: number;
  first_face_s: number | null; first_motion_peak_s: number | null; first_text_s: number | null; first_cut_s: number | null;
  shots: number; tempo_bpm: number | null; ending: string; cta_text: string; cta_score: number | null; partial: boolean;
}
export type Verdict = "kill" | "promote" | "revive" | "increase_budget" | "decrease_budget" | "keep" | "wait";
export interface Row {
  key: string; name: string; account: string; ads: number; spend: string; currency: string; impressions: number | null;
  clicks: number | null; conversions: number | null; hook_rate: Estimate | null; hold_rate: Estimate | null; ctr: Estimate | null;
  cvr: Estimate | null; cpa: Estimate | null; roas: Estimate | null; verdict: Verdict | ""; reason: string; need: Need | null;
  fatigued: boolean | null; attribution: string; conversion_event: string; spend_by_day: (number | null)[]; film: Film | null;
}
export interface Report { rows: Row[]; rows_in_all: number; unnamed_spend_share: number | null; notices: string[] }
export interface Evidence {
  name: string; claim: string; estimate: Estimate | null; threshold: number | null; probability: number | null; required: number | null; met: boolean;
}
export interface PlanItem {
  id: string; action: Verdict; account: string; entity: string; ad: string; reason_code: string; reason: string; from: Money | null; to: Money | null;
  confidence: number | null; evidence: Evidence[]; effect: string; would_change: string; need: Need | null; fatigued: boolean | null; priority: number;
}
export interface Plan { hash: string; account: string; mode: string; made_at: string; expires_at: string; items: PlanItem[] }
export interface CreativeLine { sha256: string; file: string; account: string; ads: string[]; fate: string; ctr: Estimate | null; lift: Estimate | null; distance: number | null }
export interface SourceRow { day: string; breakdown: string; as_of: string; current: boolean; file: string; line: number; counts: Record<string, number> }
export interface Explained {
  item: PlanItem; group: string; group_ads: number; closed: Record<string, number>; settled: Record<string, number>; attribution: string;
  conversion_event: string; currency: string; sources: SourceRow[]; sources_in_all: number; film: Film | null; nearest_winners: CreativeLine[];
  nearest_losers: CreativeLine[]; likeness: string;
}
export interface Performance { name: string; currency: string; days: { day: string; counts: Record<string, number> }[]; notices: string[] }
export interface Leaving {
  start_s: number; end_s: number; stay_share: number; hazard: number; low: number | null; high: number | null; n: number | null; usual: number | null;
  against_usual: number | null; on_screen: string[];
}
export interface Retention { curve: string; plays: number | null; leaving: Leaving[]; usual_ads: number; notices: string[] }
export interface Curve { t_s: number[]; value: number[] }
export interface Features {
  duration_s: number; shots: { start_s: number; end_s: number; transition: string }[];
  motion: { timeline: { t_s: number; energy: number }[]; moments: { start_s: number; end_s: number; type: string }[] };
  faces: { samples: { t_s: number; faces: unknown[] }[] }; objects: { samples: { t_s: number; objects?: { label?: string; name?: string }[] }[] };
  text: { start_s: number; end_s: number; text: string }[];
  audio: { present: boolean; beats_s: number[]; segments: { start_s: number; end_s: number; kind: string }[] };
  timing: { plan: { trigger: string; start_s: number; end_s: number; reason: string }[] };
  hook: { type: string; score: number; improvements: string[] };
  cta: { start_s: number; end_s: number; reason: string; existing_start_s: number | null; existing_text: string; existing_score: number | null };
  attention: Curve; dna: { features: Record<string, { value: number | null; unit: string; low: number; high: number }> };
}
export interface Seen { film: Film; features: Features }
export interface Account { account: string; platform: string; name: string; currency: string; time_zone: string; connected: boolean; secrets: string; synced_at: string | null }
export interface StepResult {
  step: { name: string; entity: string; policy: string; reason: string; items: string[]; before: Setting; after: Setting }; outcome: string; limit: string; reason: string; next_step: string; people: number;
  approved_by: string[]; receipt: number | null;
}
export interface Setting { status: string; daily_budget: Money | null }
export interface Acting {
  account: string; plan: string; connected: boolean; steps: StepResult[]; unplaced: { item: string; reason: string }[];
  by_hand: { item: string; name: string; entity: string; what: string; reason: string; from: Money | null; to: Money | null }[]; notices: string[]; failed: Failure[];
}
export interface Failure { what: string; code: string; message: string }
export interface ReceiptView {
  account: string;
  receipt: { id: number; actor: string; approved_by: string[]; state: string; at: string; note: string; attempts: number;
    step: { name: string; entity: string; batch: string; policy: string; reason: string; before: Setting; after: Setting; undoes: number; source: string } };
}
export interface Verdicts {
  verdicts: { account: string; name: string; verdict: Record<string, unknown> }[];
  policies: { account: string; policy: string; right: number; wrong: number; unclear: number; win_rate: Estimate | null; level: string; suggested: string; reason: string }[];
}
export interface FileReport {
  file: string; platform: string; level: string; grain: string; breakdown: string; locale: string; rows: number; from: string | null; to: string | null; currency: string;
  attribution: string; totals: Record<string, string | number | null>; dropped: { line: number; kind: string; label: string }[]; dropped_rows: number;
  refused: { line: number; column: string; value: string; reason: string }[]; refused_rows: number; masked: number;
  file_total: { line: number; label: string; equal: boolean; spend: string; spend_difference: string } | null; conversion_event: string;
  accounts: { account: string; name: string; currency: string; rows: number; spend: string }[]; added: number; restated: number; unchanged: number; repeated: boolean;
  dry_run: boolean; notices: string[]; naming_unnamed_share: number | null; rows_per_s: number; seconds: number;
}
export interface Session { name: string; token: string; scopes: string[]; accounts: string[] }
