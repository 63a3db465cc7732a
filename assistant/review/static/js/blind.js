// Coding blind: one's own codes only. The same text, labels and picker as on the transcript page.

import { Refused, ask, say } from "./frame.js";
import { Memo } from "./memo.js";
import { adjusted, partBeside, placeToRead, shortened } from "./moving.js";
import { Drawing } from "./paint.js";
import { Picker } from "./picker.js";
import { Segments } from "./points.js";
import { Floating, isTyping } from "./working.js";

const data = JSON.parse(document.getElementById("data").textContent);
const text = document.getElementById("text");
const panel = document.getElementById("panel");
const help = document.getElementById("help");
const part = (name) => panel.querySelector(`[data-part="${name}"]`);
const segments = new Segments(text);
const drawing = new Drawing(segments, text, document.getElementById("margin"), data, (id) => choose(id));
const picker = new Picker(document.getElementById("picker"), (node) => drawing.labels.inPlaceOf(node));
const floating = new Floating(document.getElementById("floating"), segments, () => add());
const memos = new Memo(document.getElementById("memo"), (place) => segments.text(place.start, place.end));

let current = null; // one of her codes
let place = null; // the words that n would code, where nothing is selected
let bySentences = false; // whether the marked words are a sentence
let recent = [];
let waiting = Promise.resolve();

/** One thing after the other: fast keys must not overtake each other. */
function inTurn(work) {
  waiting = waiting.then(work).catch((error) => {
    if (!(error instanceof Refused)) console.error(error);
    say(error.message, { error: true });
  });
  return waiting;
}

function show() {
  const n = `${data.spans.length} ${data.spans.length === 1 ? "code" : "codes"}`;
  part("where").textContent = `${n} by you`;
  document.getElementById("given").textContent = n;
  part("full").hidden = !current;
  part("empty").hidden = Boolean(current);
  drawing.setCurrent(current);
  drawing.show("draft", place ? [place.start, place.end] : null);
  showMemos();
  if (!current) return;
  const code = data.codes[current.code];
  part("code").textContent = code.label;
  part("definition").textContent = code.definition;
  part("quote").textContent = segments.text(current.start, current.end);
}

/** Her memos: a sign on their paragraphs, and in the panel those on the words she is at. */
function showMemos() {
  for (const { node, start, end } of segments.all) {
    const count = data.memos.filter((memo) => memo.start !== null && memo.start < end && memo.end > start).length;
    if (count) node.dataset.memos = count;
    else delete node.dataset.memos;
  }
  const here = data.memos.filter((memo) => memo.start === null || (place && memo.start < place.end && memo.end > place.start));
  part("memos").replaceChildren(...here.map((memo) => {
    const item = document.createElement("li");
    const words = document.createElement("p");
    words.textContent = memo.text || "Something is here, but no code fits.";
    const by = document.createElement("p");
    by.className = "small muted";
    const away = document.createElement("button");
    away.type = "button";
    away.className = "quiet small";
    away.dataset.memo = memo.id;
    away.textContent = "take away";
    by.append({ transcript: "on the whole transcript ", "no-code-fits": "no code fits " }[memo.about] ?? "", away);
    item.append(words, by);
    return item;
  }));
}

function choose(id) {
  current = data.spans.find((span) => span.id === id) ?? null;
  place = current ? { start: current.start, end: current.end } : null;
  bySentences = false;
  show();
}

/** Bring the words that one is at into sight. */
function comeBack() {
  if (!place) return say("Go to a passage first: j.");
  const top = placeToRead(drawing, panel, drawing.extentOf(place.start, place.end));
  if (top !== null) scrollTo({ top });
}

function mark(by, sentences = false) {
  const next = partBeside(segments, drawing, place, by, { sentences, inside: sentences && !bySentences && place !== null });
  if (!next) return say(by > 0 ? "This is the end of the text." : "This is the beginning of the text.");
  current = null;
  place = next;
  bySentences = sentences;
  show();
  comeBack();
  const words = segments.text(place.start, place.end);
  say(`Marked: ${shortened(words)}`, { aloud: words });
}

/** To her next code in the text, or the one before. */
function goToCode(by) {
  const all = data.spans;
  const at = current ? all.indexOf(current) + by
    : by > 0 ? all.findIndex((span) => !place || span.start >= place.start)
    : all.findLastIndex((span) => !place || span.start < place.start);
  const next = all[at];
  if (!next) return say(all.length ? `This is the ${by > 0 ? "last" : "first"} of your codes.` : "You have not coded anything yet.");
  choose(next.id);
  comeBack();
  say(`${data.codes[next.code].label}: ${shortened(segments.text(next.start, next.end))}`);
}

function adjust(which) {
  if (!place) return say("Go to a passage first: j.");
  const next = adjusted(segments, place, which);
  if (next.start >= next.end) return say("It cannot be shorter than a word.");
  place = next;
  current = null;
  show();
  const words = segments.text(place.start, place.end);
  say(`Now: ${shortened(words)}`, { aloud: words });
}

async function add() {
  const wanted = floating.selection() ?? place;
  if (!wanted) return say("Select a passage first, or go to one with j.");
  const quote = segments.text(wanted.start, wanted.end);
  let chosen = await picker.choose(data.codes.filter((code) => code.known), `Code “${quote.length > 60 ? `${quote.slice(0, 58)}…` : quote}”`, { recent, canAdd: true });
  if (!chosen) return;
  floating.hide();
  const meant = place;
  return inTurn(async () => {
    const isNew = Boolean(chosen.name);
    if (isNew) chosen = await addCode(chosen.name);
    const made = await ask(`/blind/${data.transcript}/codings`, { code: chosen.id, ...wanted });
    const later = isNew && data.spans.length;
    if (!data.coders.length) data.coders.push({ name: data.who, mark: data.who.slice(0, 2), kind: "human", look: "0", exposure: "" });
    const code = data.codes.findIndex((one) => one.id === chosen.id);
    for (const span of made.spans) data.spans.push({ ...span, coder: 0, code });
    data.spans.sort((a, b) => a.start - b.start || a.end - b.end);
    recent = [chosen.id, ...recent.filter((id) => id !== chosen.id)].slice(0, 6);
    getSelection().removeAllRanges();
    drawing.all();
    if (place === meant) choose(made.spans[0].id);
    else show();
    say(`Coded: ${chosen.label}.${later ? " The code is new: passages that you left without a code before say nothing about it." : ""}`);
  });
}

async function addCode(name) {
  const made = await ask("/codes/new", { name });
  const code = { id: made.id, label: made.name || made.id, definition: "", include: "", exclude: "", family: "", lane: "", known: true, aliases: [] };
  data.codes.push(code);
  return code;
}

function takeBack() {
  return inTurn(async () => {
    const last = current ?? [...data.spans].sort((a, b) => b.number - a.number)[0];
    if (!last) return say("There is nothing to take back.");
    const answer = await ask(`/codings/${last.number}/remove`, {});
    data.spans = data.spans.filter((span) => span !== last);
    if (current === last) current = null;
    drawing.all();
    show();
    const code = data.codes[last.code];
    if (answer.code_gone) data.codes.find((one) => one.id === answer.code_gone).known = false;
    say([`Taken back: ${code.label}.`, answer.said].filter(Boolean).join(" "));
  });
}

function memo() {
  const about = floating.selection() ?? place;
  floating.hide();
  memos.open(about, (written, where, stored) => inTurn(async () => {
    const made = await ask(`/transcripts/${data.transcript}/memos`, { ...written, ...where });
    stored();
    data.memos.push(made.memo);
    show();
    say("The memo is kept.");
  }));
}

const KEYS = {
  j: () => mark(1), k: () => mark(-1), J: () => mark(1), K: () => mark(-1), ".": () => mark(1, true), ",": () => mark(-1, true),
  g: () => goToCode(1), G: () => goToCode(-1), n: add, u: takeBack, m: memo, z: comeBack, "?": () => help.showModal(),
  Escape: () => {
    place = current = null;
    floating.hide();
    show();
  },
};
for (const which of "[]{}()") KEYS[which] = () => adjust(which);

document.addEventListener("keydown", (event) => {
  const altGr = event.getModifierState("AltGraph");
  if (((event.ctrlKey || event.altKey) && !altGr) || event.metaKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || !Object.hasOwn(KEYS, event.key)) return;
  KEYS[event.key]();
  event.preventDefault();
});
text.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const here = drawing.at(event.clientX, event.clientY);
  if (here.length) choose(here[(here.indexOf(current) + 1) % here.length].id);
});
document.getElementById("again").addEventListener("click", add);
document.getElementById("take-back").addEventListener("click", takeBack);
document.getElementById("write-memo").addEventListener("click", memo);
document.getElementById("show-help").addEventListener("click", () => help.showModal());
help.querySelector("[data-close]").addEventListener("click", () => help.close());
part("memos").addEventListener("click", (event) => {
  const number = event.target.closest("[data-memo]")?.dataset.memo;
  if (number) inTurn(async () => {
    await ask(`/memos/${number}/delete`, {});
    data.memos = data.memos.filter((one) => String(one.id) !== number);
    show();
    say("The memo is taken away.");
  });
});
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
