// Coding blind: one's own codes only. The same text, labels and picker as on the transcript page.

import { ask, say } from "./frame.js";
import { Drawing } from "./paint.js";
import { Picker } from "./picker.js";
import { Segments } from "./points.js";
import { Floating, isTyping } from "./working.js";

const data = JSON.parse(document.getElementById("data").textContent);
const text = document.getElementById("text");
const panel = document.getElementById("panel");
const part = (name) => panel.querySelector(`[data-part="${name}"]`);
const segments = new Segments(text);
const drawing = new Drawing(segments, text, document.getElementById("margin"), data, choose);
const picker = new Picker(document.getElementById("picker"), (node) => drawing.labels.inPlaceOf(node));
const floating = new Floating(document.getElementById("floating"), segments, () => add());

let current = null; // one of her codes
let place = null; // the words that n would code, where nothing is selected
let at = -1; // the passage that j and k are at
let recent = [];

function show() {
  part("where").textContent = `${data.spans.length} ${data.spans.length === 1 ? "code" : "codes"} by you`;
  document.getElementById("given").textContent = `${data.spans.length} ${data.spans.length === 1 ? "code" : "codes"}`;
  part("full").hidden = !current;
  part("empty").hidden = Boolean(current);
  drawing.setCurrent(current);
  drawing.show("draft", place ? [place.start, place.end] : null);
  if (!current) return;
  const code = data.codes[current.code];
  part("code").textContent = code.label;
  part("definition").textContent = code.definition;
  part("quote").textContent = segments.text(current.start, current.end);
}

function choose(id) {
  current = data.spans.find((span) => span.id === id) ?? null;
  place = current ? { start: current.start, end: current.end } : null;
  if (current) at = segments.indexAt(current.start);
  show();
}

function step(by) {
  at = Math.min(segments.all.length - 1, Math.max(0, at + by));
  const segment = segments.all[at];
  current = null;
  place = { start: segment.start, end: segment.end };
  show();
  const box = segment.node.getBoundingClientRect();
  if (box.top < innerHeight * 0.12 || box.bottom > innerHeight * 0.75) scrollTo({ top: scrollY + box.top - innerHeight * 0.3 });
  say(segment.text);
}

function adjust(which) {
  if (!place) return say("Go to a passage first: j.");
  const next = { ...place };
  if (which === "[") next.start = segments.startBefore(place.start);
  if (which === "{") next.start = segments.startAfter(place.start);
  if (which === "]") next.end = segments.endAfter(place.end);
  if (which === "}") next.end = segments.endBefore(place.end);
  if (next.start >= next.end) return say("It cannot be shorter than a word.");
  place = next;
  current = null;
  show();
  say(segments.text(place.start, place.end));
}

async function add() {
  const wanted = floating.selection() ?? place;
  if (!wanted) return say("Select a passage first, or go to one with j.");
  const quote = segments.text(wanted.start, wanted.end);
  const chosen = await picker.choose(data.codes.filter((code) => code.known), `Code “${quote.length > 60 ? `${quote.slice(0, 58)}…` : quote}”`, { recent });
  if (!chosen) return;
  floating.hide();
  try {
    const made = await ask(`/blind/${data.transcript}/codings`, { code: chosen.id, ...wanted });
    if (!data.coders.length) data.coders.push({ name: data.who, mark: data.who.slice(0, 2), kind: "human", look: "0", exposure: "" });
    for (const span of made.spans) data.spans.push({ ...span, coder: 0 });
    data.spans.sort((a, b) => a.start - b.start || a.end - b.end);
    recent = [chosen.id, ...recent.filter((id) => id !== chosen.id)].slice(0, 6);
    getSelection().removeAllRanges();
    drawing.all();
    choose(made.spans[0].id);
    say(`Coded: ${chosen.label}.`);
  } catch (error) {
    say(error.message, { error: true });
  }
}

async function takeBack() {
  const last = current ?? [...data.spans].sort((a, b) => b.number - a.number)[0];
  if (!last) return say("There is nothing to take back.");
  try {
    await ask(`/codings/${last.number}/remove`, {});
    data.spans = data.spans.filter((span) => span !== last);
    current = null;
    drawing.all();
    show();
    say(`Taken back: ${data.codes[last.code].label}.`);
  } catch (error) {
    say(error.message, { error: true });
  }
}

document.addEventListener("keydown", (event) => {
  const altGr = event.getModifierState("AltGraph");
  if (((event.ctrlKey || event.altKey) && !altGr) || event.metaKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "n") add();
  else if (event.key === "u") takeBack();
  else if ("[]{}".includes(event.key)) adjust(event.key);
  else if (event.key === "Escape") {
    place = current = null;
    floating.hide();
    show();
  } else return;
  event.preventDefault();
});
text.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const here = drawing.at(event.clientX, event.clientY);
  if (here.length) choose(here[(here.indexOf(current) + 1) % here.length].id);
});
document.getElementById("again").addEventListener("click", add);
document.getElementById("take-back").addEventListener("click", takeBack);
document.getElementById("finish").addEventListener("submit", (event) => {
  const n = data.spans.length;
  if (!confirm(`You coded ${n} ${n === 1 ? "passage" : "passages"}. From now on every other passage counts as “none of these codes”, and others may see your codes. Have you read all of it?`)) event.preventDefault();
});
let width = innerWidth;
new ResizeObserver(() => {
  if (innerWidth !== width) {
    width = innerWidth;
    drawing.layout();
  }
}).observe(document.documentElement);
drawing.all();
show();
document.documentElement.dataset.ready = "true";
