// What is in the film when: a lane for each kind, each moment a button that jumps there.
import { decimal, words } from "../format";
import { say, texts } from "../texts";
import type { Features } from "../types";

interface Stretch { from: number; to: number; what: string; strength?: number }
const t = texts.creative;

// Samples in a row that show something, as stretches.
function runs(samples: { t_s: number }[], has: (index: number) => string): Stretch[] {
  const found: Stretch[] = [];
  samples.forEach((each, index) => {
    const what = has(index);
    if (!what) return;
    const to = samples[index + 1]?.t_s ?? each.t_s + 0.5;
    const last = found[found.length - 1];
    if (last && last.what === what && Math.abs(last.to - each.t_s) < 1e-6) last.to = to;
    else found.push({ from: each.t_s, to, what });
  });
  return found;
}

function lanesOf(features: Features): { name: string; stretches: Stretch[]; points?: number[] }[] {
  const { motion, faces, objects, text, audio, timing, cta } = features;
  const top = Math.max(1e-9, ...motion.timeline.map((each) => each.energy));
  const end = features.duration_s;
  const labels = (index: number) => (objects.samples[index]?.objects ?? []).map((each) => each.label ?? each.name ?? "").filter(Boolean).join(", ");
  return [
    { name: t.lanes.shots, stretches: features.shots.map((each, index) => ({ from: each.start_s, to: each.end_s, what: `${index + 1}, ${each.transition}` })) },
    { name: t.lanes.motion, stretches: motion.timeline.map((each, index) => ({ from: each.t_s, to: motion.timeline[index + 1]?.t_s ?? end, what: "", strength: each.energy / top })) },
    { name: t.lanes.faces, stretches: runs(faces.samples, (index) => (faces.samples[index]!.faces.length > 0 ? String(faces.samples[index]!.faces.length) : "")) },
    { name: t.lanes.objects, stretches: runs(objects.samples, labels) },
    { name: t.lanes.text, stretches: text.map((each) => ({ from: each.start_s, to: each.end_s, what: each.text })) },
    { name: t.lanes.sound, stretches: audio.segments.map((each) => ({ from: each.start_s, to: each.end_s, what: each.kind })) },
    { name: t.lanes.beats, stretches: [], points: audio.beats_s },
    { name: t.lanes.triggers, stretches: timing.plan.map((each) => ({ from: each.start_s, to: each.end_s, what: words(each.trigger) })) },
    { name: t.lanes.cta, stretches: [{ from: cta.start_s, to: cta.end_s, what: cta.existing_text || cta.reason }] },
  ];
}

export function Lanes({ features, duration, at, jump }: { features: Features; duration: number; at: number; jump: (to: number) => void }) {
  const x = (seconds: number) => `${(100 * Math.min(1, Math.max(0, seconds / duration))).toFixed(2)}%`;
  return (
    <div class="lanes">
      {lanesOf(features).map((lane) => (
        <div key={lane.name} class="lane">
          <span class="lane-name">{lane.name}</span>
          <div class="lane-track">
            {lane.stretches.map((each, index) => (each.strength !== undefined
              ? <span key={index} class="heat" style={{ left: x(each.from), width: x(each.to - each.from), opacity: String(0.08 + 0.92 * each.strength) }} />
              : <button key={index} type="button" class="stretch" style={{ left: x(each.from), width: x(each.to - each.from) }} title={each.what}
                  aria-label={say(t.jump, { t: decimal(each.from, 1), what: `${lane.name} ${each.what}` })} onClick={() => jump(each.from)}><span>{each.what}</span></button>))}
            {lane.points?.map((each, index) => <span key={index} class="beat" style={{ left: x(each) }} />)}
            {lane.stretches.length === 0 && !lane.points?.length && <span class="dim lane-none">{texts.state.none}</span>}
          </div>
        </div>
      ))}
      <div class="lanes-at" aria-hidden="true"><i style={{ left: x(at) }} /></div>
      <label class="lane seek"><span class="lane-name">{t.position}</span><input type="range" min={0} max={duration} step={0.1} value={at} onInput={(event) => jump(Number(event.currentTarget.value))} /></label>
    </div>
  );
}
