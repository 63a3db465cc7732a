// Where one is in a transcript: its spans, the current one, an adjustment under way, and moving on.

import { say } from "./frame.js";
import { adjusted, moveWindow, partBeside, placeToRead, shortened } from "./moving.js";
import { Drawing } from "./paint.js";
import { Panel } from "./panel.js";
import { Segments } from "./points.js";
import { apart } from "./words.js";
import { Clock, Floating, remember, remembered } from "./working.js";

export const data = JSON.parse(document.getElementById("data").textContent);
export const text = document.getElementById("text");

/** What changes while one works. `left`: the passage that one was at last, when one is at none;
 *  `act(what, detail)` does what a key or a button says. */
export const desk = { byId: new Map(), current: null, draft: null, left: null, act: () => {} };
export const segments = new Segments(text);
export const drawing = new Drawing(segments, text, document.getElementById("margin"), data, (id) => go(id));
export const panel = new Panel(document.getElementById("panel"), data, (what, detail) => desk.act(what, detail));
export const clock = new Clock();
export const floating = new Floating(document.getElementById("floating"), segments, () => desk.act("add"));
export const filter = { undecided: false, code: null, differs: false, coder: null, ...remembered("filter", {}) };
if (data.own) Object.assign(filter, { undecided: false, differs: false });
if (filter.code && !data.codes.some((c) => c.id === filter.code)) filter.code = null;

export const isSuggestion = (span) => span.decision !== "";
export const codeOf = (span) => data.codes[span.code];

export function index() {
  desk.byId = new Map(data.spans.map((span) => [span.id, span]));
}

const END = Number.MAX_SAFE_INTEGER;
const inOrder = (a, b) => a.start - b.start || (a.rank ?? END) - (b.rank ?? END) || a.end - b.end || a.number - b.number;

/** Sort what has come. */
export function sort() {
  data.spans.sort(inOrder);
}

/** Of what begins at the same word, what stands higher in the margin comes first: whoever reads the
 *  labels there and decides one after the other must not be led in another order. It stays as it is
 *  when the page was made, so that nothing is passed over when a decision moves a label. */
export function arrange() {
  for (const span of data.spans) span.rank = drawing.labels.rank(span.id);
  sort();
}

/** Whoever codes here for the first time stands with the others in the row above the text. */
export function listCoder(coder) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `coder look-${coder.look}`;
  button.dataset.coder = coder.name;
  button.ariaPressed = "true";
  button.title = `${apart(coder.name)}. A click hides or shows these codes.`;
  const mark = document.createElement("span");
  mark.className = `mk look-${coder.look}`;
  mark.textContent = coder.mark;
  button.append(mark, ` ${coder.name}`);
  const model = document.querySelector(".bar-coders .look-m");
  if (model) model.closest("button").before(button);
  else document.querySelector(".bar-coders").append(button);
}

/** Whether a span is one that the keys j and k stop at. */
function isStop(span) {
  if (filter.code && codeOf(span).id !== filter.code) return false;
  if (filter.differs) return span.differs && (!filter.undecided || span.decision === "open" || !isSuggestion(span));
  if (data.run && !isSuggestion(span)) return false;
  return !filter.undecided || span.decision === "open";
}

export const stops = () => data.spans.filter(isStop);

/** Go on by one, or back. `undecided`: past what is decided already. */
export function step(by, { undecided = false } = {}) {
  const all = data.spans;
  let at = desk.current ? all.indexOf(desk.current) : by > 0 ? -1 : all.length;
  const place = desk.draft ?? desk.left;
  if (!desk.current && place) {
    // From the marked passage on, or from where one was, not from the beginning.
    const after = all.findIndex((span) => span.start >= place.start);
    at = (after < 0 ? all.length : after) - (by > 0 ? 1 : 0);
  }
  for (at += by; at >= 0 && at < all.length; at += by) {
    if (isStop(all[at]) && (!undecided || all[at].decision === "open" || !isSuggestion(all[at]))) return go(all[at].id);
  }
  const open = all.filter((span) => span.decision === "open").length;
  const of = filtered() ? " of those you filter for" : "";
  if (!all.some(isStop)) return say(filtered() ? "Nothing here is what you filter for." : data.run ? "Nothing is suggested here." : "Nobody has coded anything here.");
  if (!all.some(isSuggestion)) return say(by > 0 ? `That was the last one${of}.` : `This is the first one${of}.`);
  say(by > 0
    ? `That was the last one${of}. ${open ? `${open} of this transcript are still open.` : "Everything in this transcript is decided."}`
    : `This is the first one${of}.`);
}

const filtered = () => filter.undecided || filter.code || filter.differs;

export function go(id, { scroll = true } = {}) {
  const span = desk.byId.get(id);
  if (!span) return;
  if (desk.draft) setDraft(null);
  const place = scroll ? placeOf(id) : null; // measured before anything is written
  desk.current = span;
  desk.left = span;
  drawing.setCurrent(span);
  clock.start();
  noteAddress();
  refreshPanel();
  if (place !== null) moveWindow(place);
}

// Writing the address takes as long as all the rest of a key, so it waits until one rests or leaves.
let noting = 0;

function noteAddress() {
  clearTimeout(noting);
  noting = setTimeout(() => {
    if (!desk.current || desk.current.id.startsWith("p")) return; // a check is not told by the address
    if (location.hash !== `#${desk.current.id}`) history.replaceState(null, "", `#${desk.current.id}`);
  }, 300);
}

addEventListener("pagehide", () => remember("left-at", desk.current?.id ?? null));

/** The span to begin with: of the address, or where one was when the page was loaded again. */
export function wanted() {
  const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
  return (again && remembered("left-at", null)) || location.hash.slice(1);
}

/** Where the window has to be scrolled to, to read a span; null when it can be read where it is. */
function placeOf(id) {
  const extent = drawing.extent(id);
  return extent ? placeToRead(drawing, panel.node, extent) : null;
}

export function refreshPanel() {
  const list = stops();
  const at = desk.current ? list.indexOf(desk.current) : -1;
  panel.show(desk.current, {
    place: at >= 0 ? at + 1 : 0,
    of: list.length,
    what: list.every(isSuggestion) ? "suggestion" : "code",
    open: data.spans.filter((span) => span.decision === "open").length,
    onward: data.onward,
    draft: desk.draft,
    quote: desk.draft ? shortened(segments.text(desk.draft.start, desk.draft.end)) : "",
    elsewhere: saidOf(desk.current ?? desk.draft),
    memos: data.memos.filter((m) => m.start === null || (desk.current && m.start < desk.current.end && m.end > desk.current.start)),
    here: desk.current ? data.spans.filter((s) => s !== desk.current && s.start < desk.current.end && s.end > desk.current.start && Drawing.counts(s)) : [],
  });
}

/** Bring what one is at back into sight. */
export function comeBack() {
  const here = desk.draft ?? desk.current;
  if (!here) return say("Nothing is chosen yet: press j.");
  const place = placeToRead(drawing, panel.node, drawing.extentOf(here.start, here.end));
  if (place !== null) moveWindow(place);
}

/** What models of another study said of a stretch of the text. */
const saidOf = (place) => (place ? data.elsewhere.filter((one) => one.start < place.end && one.end > place.start) : []);

/** Paragraphs on which somebody wrote a memo, or a model of another study said something, get a sign. */
export function markMemos() {
  for (const segment of segments.all) {
    const { node, start, end } = segment;
    const count = data.memos.filter((memo) => memo.start !== null && memo.start < end && memo.end > start).length;
    const said = saidOf(segment).length;
    const title = [
      count && (count === 1 ? "A memo is on this paragraph" : `${count} memos are on this paragraph`),
      said && "A model of another study coded this paragraph; the panel shows what it said",
    ].filter(Boolean).join(". ");
    for (const [name, n] of [["memos", count], ["elsewhere", said]]) {
      if (n) node.dataset[name] = n;
      else delete node.dataset[name];
    }
    if (title) node.title = title;
    else node.removeAttribute("title");
  }
}

// --- marking a passage that has no suggestion ------------------------------------------------------

/** Mark a paragraph (or a sentence) as the passage that n codes: the next one, or the one before. */
export function mark(by, pieces = "paragraphs") {
  const sentences = pieces === "sentences";
  const whole = desk.draft && !desk.current;
  const here = desk.draft ?? desk.current;
  const next = partBeside(segments, drawing, here, by, { sentences, inside: sentences && !whole });
  if (!next) return say(by > 0 ? "This is the end of the text." : "This is the beginning of the text.");
  desk.current = null;
  drawing.setCurrent(null);
  setDraft(next);
  comeBack();
  // The panel shows the words.
  say("", { aloud: `Marked: ${segments.text(next.start, next.end)}` });
}

// --- adjusting the passage ------------------------------------------------------------------------

export function setDraft(place) {
  desk.left = place ?? desk.draft ?? desk.left;
  desk.draft = place;
  drawing.show("draft", place ? [place.start, place.end] : null);
  drawing.show("current", place || !desk.current ? null : [desk.current.start, desk.current.end]);
  refreshPanel();
}

export function adjust(which) {
  if (!desk.current && !desk.draft) return;
  const now = desk.draft ?? { start: desk.current.start, end: desk.current.end };
  const next = adjusted(segments, now, which);
  if (next.start >= next.end) return say("It cannot be shorter than a word.");
  const back = next.start === desk.current?.start && next.end === desk.current?.end;
  setDraft(back ? null : next);
  // The panel shows where it begins and ends now.
  say("", { aloud: back ? "As it was" : `Now: ${segments.text(next.start, next.end)}` });
}
