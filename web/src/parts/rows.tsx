// Shows only the rows that are in sight, so that ten thousand cost what thirty do.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const kBeyond = 6;

export function Rows({ count, height, children, head, label, columns }: {
  count: number; height: number; children: (index: number) => ComponentChildren; head?: ComponentChildren; label: string; columns: number;
}) {
  const body = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ from: 0, to: 30 });
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      if (!body.current) return;
      const top = body.current.getBoundingClientRect().top;
      const from = Math.max(0, Math.floor(-top / height) - kBeyond);
      const to = Math.min(count, Math.ceil((innerHeight - top) / height) + kBeyond);
      setRange((old) => (old.from === from && old.to === to ? old : { from, to }));
    };
    const later = () => { frame ||= requestAnimationFrame(look); };
    look();
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    return () => { removeEventListener("scroll", later); removeEventListener("resize", later); cancelAnimationFrame(frame); };
  }, [count, height]);
  const from = Math.min(range.from, count);
  const to = Math.min(Math.max(range.to, from), count);
  const shown: ComponentChildren[] = [];
  for (let at = from; at < to; ++at) shown.push(children(at));
  return (
    <div class="rows" role="table" aria-label={label} aria-rowcount={count + 1} aria-colcount={columns}>
      {head && <div role="rowgroup" class="rows-head">{head}</div>}
      <div ref={body} role="rowgroup" style={{ height: `${count * height}px` }} class="rows-body">
        <div style={{ transform: `translateY(${from * height}px)` }} role="presentation">{shown}</div>
      </div>
    </div>
  );
}
