// A film, or what stands for it where it cannot be played.
import { useEffect, useRef, useState } from "preact/hooks";
import { filmAddress } from "../api";
import { seconds } from "../format";

export interface Shown { sha256: string; duration_s?: number; hook_type?: string }

// Films that the server has not: asked once, not for every row.
const missing = new Set<string>();

// A film that has left the page goes on loading until it is told to stop.
export function stop(video: HTMLVideoElement | null) {
  if (!video) return;
  video.removeAttribute("src");
  video.load();
}

export function Poster({ film, name }: { film: Shown | null; name: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [gone, setGone] = useState(film === null || missing.has(film.sha256));
  useEffect(() => { const at = video.current; return () => stop(at); }, [gone]);
  if (film === null || gone) return <Stand film={film} name={name} />;
  const scrub = (event: MouseEvent) => {
    const at = video.current;
    if (!at || !at.duration) return;
    const box = at.getBoundingClientRect();
    at.currentTime = at.duration * Math.min(0.99, Math.max(0, (event.clientX - box.left) / box.width));
  };
  return (
    <span class="poster">
      <video ref={video} src={`${filmAddress(film.sha256)}#t=0.3`} muted playsInline preload="metadata" tabIndex={-1} aria-hidden="true"
        onMouseMove={scrub} onError={() => { missing.add(film.sha256); setGone(true); }} />
      {film.duration_s !== undefined && <span class="length">{seconds(film.duration_s)}</span>}
    </span>
  );
}

function Stand({ film, name }: { film: Shown | null; name: string }) {
  // A hue of its own for each film, so that the same film is known by sight.
  const from = film?.sha256 ?? name;
  let hue = 0;
  for (let at = 0; at < Math.min(from.length, 16); ++at) hue = (hue * 31 + from.charCodeAt(at)) % 360;
  return (
    <span class={film ? "poster stand" : "poster stand unknown"} style={{ "--hue": String(hue) }} aria-hidden="true">
      <span class="opens">{film ? (film.hook_type ?? "").replaceAll("_", " ") : "?"}</span>
      {film?.duration_s !== undefined && <span class="length">{seconds(film.duration_s)}</span>}
    </span>
  );
}
