// Moving through a text by paragraphs and sentences, and where the window has to be for it.

// Where the window will stand with the next frame; null when it stays. A key that comes before the frame
// counts from there, and not from where the window still is.
let bound = null;

const windowTop = () => bound ?? scrollY;

/** Scroll the window to `top` with the next frame: what a key shows first is painted before. */
export function moveWindow(top) {
  if (bound === null) {
    requestAnimationFrame(() => {
      scrollTo({ top: bound });
      bound = null;
    });
  }
  bound = top;
}

/** The paragraph or sentence (`sentences`) that lies `by` from `here`, as `{start, end}`; undefined at
 *  the ends of the text. From nowhere, or after scrolling away: the first one in the window. `inside`:
 *  the sentence in which `here` begins comes first. */
export function partBeside(segments, drawing, here, by, { sentences = false, inside = false } = {}) {
  const parts = sentences ? segments.sentences() : segments.all.map(({ start, end }) => [start, end]);
  const box = here && drawing.extentOf(here.start, here.end);
  const top = box && drawing.textNode.getBoundingClientRect().top + scrollY - windowTop() + box.top;
  let at;
  if (here && top > -innerHeight * 0.3 && top < innerHeight) {
    const last = Math.max(0, parts.findLastIndex(([start]) => start <= here.start));
    at = inside ? last : last + by;
  } else {
    const [from] = segments.around(-document.querySelector(".bar").offsetHeight);
    const point = segments.all[Math.min(from, segments.all.length - 1)].start;
    at = parts.findIndex(([start]) => start >= point);
  }
  const found = parts[at];
  return found && { start: found[0], end: found[1] };
}

/** Where the window has to be scrolled to, to read an extent of `drawing`; null when it can be read
 *  where it is. `panel`: what covers the lower part of a narrow window. */
export function placeToRead(drawing, panel, extent) {
  const top = drawing.textNode.getBoundingClientRect().top + scrollY + extent.top;
  const bar = document.querySelector(".bar").offsetHeight;
  const sheet = getComputedStyle(panel).position === "fixed" ? panel.offsetHeight : 0;
  const height = innerHeight - bar - sheet;
  const inside = top - windowTop() - bar;
  const readable = inside >= height * 0.08 && inside + Math.min(extent.bottom - extent.top, height * 0.5) <= height * 0.75;
  return readable ? null : Math.max(0, top - bar - height * 0.28);
}

/** `place` with one border moved by a word (`[` `]` `{` `}`) or a sentence (`(` `)`). */
export function adjusted(segments, place, which) {
  const next = { start: place.start, end: place.end };
  if (which === "[") next.start = segments.startBefore(place.start);
  if (which === "{") next.start = segments.startAfter(place.start);
  if (which === "]") next.end = segments.endAfter(place.end);
  if (which === "}") next.end = segments.endBefore(place.end);
  if (which === "(") next.start = segments.sentences().findLast(([start]) => start < place.start)?.[0] ?? place.start;
  if (which === ")") next.end = segments.sentences().find(([, end]) => end > place.end)?.[1] ?? place.end;
  return next;
}

/** Words short enough to be told in passing: their beginning and their end, no word cut. */
export function shortened(words) {
  if (words.length <= 90) return words;
  const first = words.slice(0, 41).replace(/\s+\S*$/u, "");
  const last = words.slice(-41).replace(/^\S*\s+/u, "");
  return `${first} … ${last}`;
}
