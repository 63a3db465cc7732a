// Coding blind: one's own codes only. The same text, labels and picker as on the transcript page.

import { ask, say } from "./frame.js";
import { Memo } from "./memo.js";
import { adjusted, moveWindow, partBeside, placeToRead, shortened } from "./moving.js";
import { Drawing } from "./paint.js";
import { Picker } from "./picker.js";
import { Segments } from "./points.js";
import { failures, inTurn } from "./turns.js";
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
let adding = null; // the code under way, and the words one was at: `{at, made}`

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
  if (top !== null) moveWindow(top);
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
  const mine = adding = { at: place, made: null };
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
    mine.made = made.spans[0].id;
    const selected = segments.selected();
    if (selected?.start === wanted.start && selected.end === wanted.end) getSelection().removeAllRanges();
    drawing.all();
    if (place === mine.at) choose(made.spans[0].id);
    else show();
    say(`Coded: ${chosen.label}.${later ? " The code is new: passages that you left without a code before say nothing about it." : ""}`);
  }).finally(() => {
    if (adding === mine && !mine.made) adding = null;
  });
}

async function addCode(name) {
  const made = await ask("/codes/new", { name });
  const code = { id: made.id, label: made.name || made.id, definition: "", include: "", exclude: "", family: "", lane: "", known: true, aliases: [] };
  data.codes.push(code);
  return code;
}

/** Take back the code one is at when the key is pressed, or the newest; one that is under way still, where
 *  one has not gone on from it. */
function takeBack() {
  const here = current;
  const under = adding && !adding.made && adding.at === place ? adding : null;
  return inTurn(async () => {
    if (under && !under.made) return; // it was not stored, and that was said
    const wanted = under ? data.spans.find((span) => span.id === under.made) : here;
    const last = data.spans.includes(wanted) ? wanted : [...data.spans].sort((a, b) => b.number - a.number)[0];
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
/** What she signs: her codes, the passages that hold one, and those that she says hold none. */
function signed() {
  const [codes, all] = [data.spans.length, segments.all.length];
  const coded = segments.all.filter(({ start, end }) => data.spans.some((span) => span.start < end && span.end > start)).length;
  const none = coded < all ? `${coded ? "the other " : "all "}${all - coded} from now on ${all - coded === 1 ? "counts" : "count"} as “none of these codes”` : "none is without a code";
  const given = codes ? `You gave ${codes} ${codes === 1 ? "code" : "codes"}, in ${coded} of ${all} ${all === 1 ? "passage" : "passages"}` : `You gave no code in ${all} ${all === 1 ? "passage" : "passages"}`;
  return `${given}; ${none}.`;
}

// What is still under way is stored first: after the end no code is taken.
const finish = document.getElementById("finish");
let sure = false;
finish.addEventListener("submit", (event) => {
  if (sure) return;
  event.preventDefault();
  const before = failures();
  inTurn(async () => {
    await new Promise((go) => setTimeout(go)); // while its event is under way a form sends nothing
    if (failures() !== before) return; // it was not stored, and that is being said
    sure = confirm(`${signed()} Others may see your codes from now on. Have you read all of it?`);
    if (sure) finish.requestSubmit();
    sure = false;
  });
});
finish.querySelector("button").disabled = false; // before this script was there, nobody would have been asked
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
