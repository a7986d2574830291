// A chart over time, drawn by uPlot; the numbers are also in a table beside each.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface Line { label: string; values: (number | null)[]; colour: string; format: (value: number) => string; scale?: string; dash?: number[]; fill?: boolean; steps?: boolean }

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function Chart({ x, lines, bands = [], height = 200, xFormat, label, cursor, onJump, xMax }: {
  x: number[]; lines: Line[]; bands?: [number, number][]; height?: number; xFormat: (value: number) => string; label: string;
  cursor?: number | null; onJump?: (x: number) => void; xMax?: number;
}) {
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const jump = useRef(onJump);
  jump.current = onJump;
  const key = JSON.stringify([x, lines.map((each) => [each.label, each.values]), bands, xMax]);
  useEffect(() => {
    const at = root.current;
    if (!at) return;
    const draw = () => {
      plot.current?.destroy();
      const axis = { stroke: colourOf("--dim"), grid: { stroke: colourOf("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
      const scales: Record<string, uPlot.Scale> = { x: { time: false, ...(xMax === undefined ? {} : { range: [0, xMax] as [number, number] }) } };
      for (const each of lines) scales[each.scale ?? "y"] = { range: (_self, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.08] };
      const first = lines[0];
      plot.current = new uPlot({
        width: at.clientWidth, height, scales, legend: { show: false }, padding: [8, 12, 0, 0],
        cursor: { y: false, points: { show: false } },
        bands: bands.map(([a, b]) => ({ series: [a + 1, b + 1] as [number, number], fill: colourOf("--band") })),
        axes: [{ ...axis, values: (_self, values) => values.map(xFormat), space: 60 },
          { ...axis, scale: first?.scale ?? "y", size: 62, values: (_self, values) => values.map((each) => first?.format(each) ?? "") }],
        series: [{}, ...lines.map((each) => ({
          label: each.label, scale: each.scale ?? "y", stroke: each.colour ? colourOf(each.colour) : "transparent", width: each.colour ? 2 : 0, points: { show: false },
          ...(each.steps ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
          ...(each.dash ? { dash: each.dash } : {}), ...(each.fill ? { fill: colourOf("--band") } : {}),
        }))],
        hooks: { ready: [(self) => self.over.addEventListener("click", () => {
          const left = self.cursor.left;
          if (left !== undefined && left >= 0) jump.current?.(self.posToVal(left, "x"));
        })] },
      }, [x, ...lines.map((each) => each.values)] as uPlot.AlignedData, at);
    };
    draw();
    const seen = new ResizeObserver(() => { if (plot.current && at.clientWidth > 0) plot.current.setSize({ width: at.clientWidth, height }); });
    seen.observe(at);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    addEventListener("theme", draw);
    return () => { seen.disconnect(); dark.removeEventListener("change", draw); removeEventListener("theme", draw); plot.current?.destroy(); plot.current = null; };
  }, [key, height]);
  useEffect(() => {
    const self = plot.current;
    if (self && cursor != null) self.setCursor({ left: self.valToPos(cursor, "x"), top: 10 }, false);
  }, [cursor]);
  return (
    <figure class="chart">
      <div ref={root} role="img" aria-label={label} />
      <figcaption>{lines.filter((each) => each.colour).map((each) => (
        <span key={each.label}><i style={{ background: `var(${each.colour})` }} aria-hidden="true" />{each.label}</span>
      ))}</figcaption>
    </figure>
  );
}
