// The transcript page: moving through suggestions and deciding, by keyboard or mouse. Every decision
// is sent at once; the page changes when the program says that it is stored.

import { Refused, ask, say } from "./frame.js";
import { CAN_PAINT, Drawing } from "./paint.js";
import { Panel } from "./panel.js";
import { Picker } from "./picker.js";
import { Segments } from "./points.js";
import { Clock, Floating, isTyping, remember, remembered } from "./working.js";

const data = JSON.parse(document.getElementById("data").textContent);
const text = document.getElementById("text");

// A browser that cannot paint ranges gets the text with marks in it.
if (!CAN_PAINT && !text.classList.contains("with-marks")) {
  const there = new URL(location.href);
  there.searchParams.set("view", "marks");
  location.replace(there);
}

const segments = new Segments(text);
const drawing = new Drawing(segments, text, document.getElementById("margin"), data, (id) => go(id));
const picker = new Picker(document.getElementById("picker"));
const panel = new Panel(document.getElementById("panel"), data, act);
const clock = new Clock();
const floating = new Floating(document.getElementById("floating"), segments, () => addMissed());
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("secondcoder") : null;
const query = `?run=${data.run}${data.withheld_shown ? "&withheld=1" : ""}`;

let byId = new Map();
let current = null;
let draft = null;
let waiting = Promise.resolve();
let recent = [];
const undoable = [];
const filter = { undecided: false, code: null, differs: false, coder: null, ...remembered("filter", {}) };
if (filter.code && !data.codes.some((c) => c.id === filter.code)) filter.code = null;

const isSuggestion = (span) => span.decision !== "";
const codeOf = (span) => data.codes[span.code];

function index() {
  byId = new Map(data.spans.map((span) => [span.id, span]));
}

// --- moving ---------------------------------------------------------------------------------------

/** Whether a span is one that the keys j and k stop at. */
function isStop(span) {
  if (filter.code && codeOf(span).id !== filter.code) return false;
  if (filter.differs) return span.differs && (!filter.undecided || span.decision === "open" || !isSuggestion(span));
  if (data.run && !isSuggestion(span)) return false;
  return !filter.undecided || span.decision === "open";
}

const stops = () => data.spans.filter(isStop);

function step(by) {
  const all = data.spans;
  let at = current ? all.indexOf(current) : by > 0 ? -1 : all.length;
  for (at += by; at >= 0 && at < all.length; at += by) {
    if (isStop(all[at])) return go(all[at].id);
  }
  const open = all.filter((span) => span.decision === "open").length;
  say(by > 0
    ? `That was the last one${filtered() ? " of those you filter for" : ""}. ${open ? `${open} of this transcript are still open.` : "All of this transcript are decided."}`
    : "This is the first one.");
}

const filtered = () => filter.undecided || filter.code || filter.differs;

function go(id, { scroll = true } = {}) {
  const span = byId.get(id);
  if (!span) return;
  if (draft) setDraft(null);
  current = span;
  drawing.setCurrent(span);
  clock.start();
  history.replaceState(null, "", `#${id}`);
  refreshPanel();
  if (scroll) bringIntoView(id);
}

function bringIntoView(id) {
  const extent = drawing.extent(id);
  if (!extent) return;
  const top = text.getBoundingClientRect().top + scrollY + extent.top;
  const bar = document.querySelector(".bar").offsetHeight;
  const sheet = panel.isSheet ? panel.node.offsetHeight : 0;
  const height = innerHeight - bar - sheet;
  const inside = top - scrollY - bar;
  if (inside < height * 0.08 || inside + Math.min(extent.bottom - extent.top, height * 0.5) > height * 0.75) {
    scrollTo({ top: Math.max(0, top - bar - height * 0.28) });
  }
}

function refreshPanel() {
  const list = stops();
  const at = current ? list.indexOf(current) : -1;
  panel.show(current, {
    place: at >= 0 ? at + 1 : 0,
    of: list.length,
    open: data.spans.filter((span) => span.decision === "open").length,
    draft,
    quote: draft ? segments.text(draft.start, draft.end) : current ? segments.text(current.start, current.end) : "",
    memos: data.memos.filter((m) => m.start === null || (current && m.start < current.end && m.end > current.start)),
    here: current ? data.spans.filter((s) => s !== current && s.start < current.end && s.end > current.start && Drawing.counts(s)) : [],
  });
}

// --- deciding -------------------------------------------------------------------------------------

/** Do one thing after the other: fast keys must not overtake each other. */
function inTurn(work) {
  waiting = waiting.then(work).catch((error) => {
    if (!(error instanceof Refused)) console.error(error);
    say(error.message, { error: true });
  });
  return waiting;
}

function apply(answer) {
  for (const id of answer.gone ?? []) {
    data.spans = data.spans.filter((span) => span.id !== id);
    drawing.gone(id);
  }
  let added = false;
  for (const entry of answer.spans ?? []) {
    entry.coder = coderNumber(entry);
    entry.code = codeNumber(entry.code_id);
    const old = byId.get(entry.id);
    if (old) Object.assign(old, entry, { differs: old.differs });
    else {
      data.spans.push(entry);
      added = true;
    }
  }
  if (added) data.spans.sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
  index();
  for (const entry of answer.spans ?? []) drawing.change(byId.get(entry.id));
  if ((answer.gone ?? []).length) drawing.layout();
  if (current) current = byId.get(current.id) ?? null;
  if (!current) drawing.setCurrent(null);
  refreshPanel();
  news?.postMessage({ transcript: data.transcript });
}

function codeNumber(id) {
  const at = data.codes.findIndex((code) => code.id === id);
  if (at >= 0) return at;
  data.codes.push({ id, label: id, definition: "", include: "", exclude: "", family: "", lane: "", known: false });
  return data.codes.length - 1;
}

/** The server counts coders as they are now; a person who codes for the first time is new here. */
function coderNumber(entry) {
  if (entry.decision) return data.coders.findIndex((c) => c.kind === "model");
  if (!entry.mine) return entry.coder;
  const at = data.coders.findIndex((c) => c.kind === "human" && c.name === data.who);
  if (at >= 0) return at;
  const people = data.coders.filter((c) => c.kind === "human").length;
  data.coders.push({ name: data.who, mark: data.who.slice(0, 2), kind: "human", look: String(people % 8), exposure: "" });
  return data.coders.length - 1;
}

const DONE = { accept: "Accepted", reject: "Rejected", amend: "Changed", undo: "Open again" };

function decide(action, extra = {}) {
  const span = current;
  if (!span) return say("Nothing is chosen yet: press j.");
  if (!isSuggestion(span)) return say(`This is ${data.coders[span.coder].name}'s own code, not a suggestion: there is nothing to decide.`);
  if (action !== "undo" && span.decision === action && action !== "amend" && !extra.reason) {
    return say(`It is ${DONE[action].toLowerCase()} already; u undoes it.`);
  }
  const seconds = clock.seconds();
  if (isCheck(span)) return answerCheck(span, action, seconds);
  drawing.labels.get(span.id)?.classList.add("pending");
  return inTurn(async () => {
    try {
      const answer = await ask(`/suggestions/${span.id.slice(1)}/decide`, {
        action, after: byId.get(span.id).after, seconds, ...extra,
      });
      if (action !== "undo") undoable.push({ kind: "decision", id: span.id });
      apply(answer);
      setDraft(null);
      const open = data.spans.filter((s) => s.decision === "open").length;
      say(`${DONE[action]}: ${codeOf(span).label}. ${open} open.`);
      if (action !== "undo") await afterwards(span);
    } catch (error) {
      if (error.status === 409) apply(error.body);
      throw error;
    } finally {
      drawing.labels.get(span.id)?.classList.remove("pending");
    }
  });
}

const isCheck = (span) => span.id.startsWith("p");

/** A check against drowsiness: told at once, and stored as nothing but a check. */
function answerCheck(span, answer, seconds) {
  return inTurn(async () => {
    const told = await ask(`/checks/${span.number}/answer`, { answer, seconds });
    if (current?.id === span.id) step(1);
    apply({ gone: told.gone });
    setDraft(null);
    say(told.said);
  });
}

/** After deciding: go on if that is wished, else show what the model said. */
async function afterwards(span) {
  if (panel.goesOn) {
    if (current?.id === span.id) step(1);
  } else if (current?.id === span.id) panel.evidence(span, true);
}

async function changeCode() {
  if (!current || !isSuggestion(current)) return decide("amend");
  const span = current;
  const chosen = await picker.choose(known(), `Another code for this passage, instead of “${codeOf(span).label}”`, { recent });
  if (!chosen) return;
  if (chosen.id === codeOf(span).id && !draft) return say("That is the code it has.");
  used(chosen.id);
  if (current?.id !== span.id) go(span.id, { scroll: false });
  return decide("amend", { code: chosen.id, ...(draft ?? {}) });
}

const known = () => data.codes.filter((code) => code.known);

function used(id) {
  recent = [id, ...recent.filter((one) => one !== id)].slice(0, 6);
}

function setDraft(place) {
  draft = place;
  drawing.show("draft", place ? [place.start, place.end] : null);
  drawing.show("current", place || !current ? null : [current.start, current.end]);
  if (current) refreshPanel();
}

function adjust(which) {
  if (!current) return;
  const now = draft ?? { start: current.start, end: current.end };
  const next = { ...now };
  if (which === "[") next.start = segments.startBefore(now.start);
  if (which === "{") next.start = segments.startAfter(now.start);
  if (which === "]") next.end = segments.endAfter(now.end);
  if (which === "}") next.end = segments.endBefore(now.end);
  if (next.start >= next.end) return say("It cannot be shorter than a word.");
  const back = next.start === current.start && next.end === current.end;
  setDraft(back ? null : next);
  const words = segments.text(next.start, next.end);
  say(back ? "As it was" : `Now: ${words.length > 90 ? `${words.slice(0, 40)} … ${words.slice(-40)}` : words}`);
}

function accept() {
  return draft ? decide("amend", { code: codeOf(current).id, ...draft }) : decide("accept");
}

async function addMissed() {
  const place = floating.selection() ?? draft ?? (current ? { start: current.start, end: current.end } : null);
  if (!place) return say("Select a passage first, or go to one with j.");
  const quote = segments.text(place.start, place.end);
  const short = quote.length > 60 ? `${quote.slice(0, 58)}…` : quote;
  let chosen = await picker.choose(known(), `Code “${short}”`, { recent, canAdd: true });
  if (!chosen) return;
  floating.hide();
  return inTurn(async () => {
    if (chosen.name) chosen = await addCode(chosen.name);
    const answer = await ask(`/transcripts/${data.transcript}/codings`, { code: chosen.id, run: data.run, ...place });
    used(chosen.id);
    apply(answer);
    const asked = data.spans.find((s) => isCheck(s) && codeOf(s).id === "" && s.start < place.end && place.start < s.end);
    if (asked) apply({ gone: (await ask(`/checks/${asked.number}/answer`, { answer: "added" })).gone });
    undoable.push({ kind: "coding", id: answer.spans[0].id });
    getSelection().removeAllRanges();
    setDraft(null);
    say(`Added: ${chosen.label}.`);
  });
}

/** A memo on the selected words, or on those of the current span. */
function memo() {
  const place = floating.selection() ?? draft ?? (current ? { start: current.start, end: current.end } : null);
  const dialog = document.getElementById("memo");
  const about = document.getElementById("memo-about");
  const words = document.getElementById("memo-text");
  const quote = place ? segments.text(place.start, place.end) : "";
  dialog.querySelector("[data-part=memo-quote]").textContent = quote.length > 200 ? `${quote.slice(0, 198)}…` : quote;
  about.value = place ? "passage" : "transcript";
  words.value = "";
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "keep") return;
    inTurn(async () => {
      const made = await ask(`/transcripts/${data.transcript}/memos`, { about: about.value, text: words.value, ...(about.value === "transcript" ? {} : place) });
      data.memos.push(made.memo);
      refreshPanel();
      say("The memo is kept.");
    });
  };
  words.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.close("keep");
  };
  floating.hide();
  dialog.showModal();
  words.focus();
}

function forgetMemo(number) {
  return inTurn(async () => {
    await ask(`/memos/${number}/delete`, {});
    data.memos = data.memos.filter((one) => String(one.id) !== number);
    refreshPanel();
    say("The memo is taken away.");
  });
}

async function addCode(name) {
  const made = await ask("/codes/new", { name });
  const code = { id: made.id, label: made.name || made.id, definition: "", include: "", exclude: "", family: "", lane: "", known: true };
  data.codes.push(code);
  return code;
}

function undo() {
  // What was done here last; after a reload, what she did last in this transcript.
  const last = undoable.pop();
  if (!last) return say("There is nothing of yours to undo in this transcript.");
  if (last.kind === "coding") {
    if (!byId.has(last.id)) return undo();
    return inTurn(async () => {
      apply(await ask(`/codings/${last.id.slice(1)}/remove`, {}));
      say("Taken back.");
    });
  }
  const span = byId.get(last.id);
  if (!span || span.decision === "open" || span.by !== data.who) return undo();
  go(span.id);
  return decide("undo");
}

function takeBack() {
  if (current?.mine) {
    const id = current.id;
    return inTurn(async () => {
      apply(await ask(`/codings/${id.slice(1)}/remove`, {}));
      say("Taken back.");
      step(1);
    });
  }
  return decide("undo");
}

// --- filters, help, keys --------------------------------------------------------------------------

function setFilter(change) {
  Object.assign(filter, change);
  remember("filter", { undecided: filter.undecided, differs: filter.differs, code: filter.code });
  showFilter();
  drawing.layout();
  drawing.setCurrent(current);
  refreshPanel();
  const n = stops().length;
  const parts = [filter.undecided && "only undecided", filter.code && `only “${data.codes.find((c) => c.id === filter.code)?.label}”`, filter.differs && "only disagreements"].filter(Boolean);
  say(parts.length ? `${parts.join(", ")}: ${n}` : "All suggestions");
}

function showFilter() {
  document.getElementById("only-open").setAttribute("aria-pressed", String(filter.undecided));
  document.getElementById("only-differs").setAttribute("aria-pressed", String(filter.differs));
  document.getElementById("only-code").value = filter.code ?? "";
  drawing.shows = (span) => (!filter.code || codeOf(span).id === filter.code) && !hiddenCoders.has(data.coders[span.coder].name);
}

const hiddenCoders = new Set(remembered("hidden-coders", []));

function toggleCoder(button) {
  const name = button.dataset.coder;
  if (hiddenCoders.has(name)) hiddenCoders.delete(name);
  else hiddenCoders.add(name);
  remember("hidden-coders", [...hiddenCoders]);
  applyHidden();
  drawing.layout();
  say(hiddenCoders.has(name) ? `${name} is hidden` : `${name} is shown`);
}

function applyHidden() {
  for (const button of document.querySelectorAll("[data-coder]")) {
    const hidden = hiddenCoders.has(button.dataset.coder);
    button.setAttribute("aria-pressed", String(!hidden));
    const coder = data.coders.find((c) => c.name === button.dataset.coder);
    text.classList.toggle(`without-${coder.look}`, hidden);
  }
}

const help = document.getElementById("help");

function act(what, detail) {
  const actions = {
    next: () => step(1), before: () => step(-1), accept, reject: () => decide("reject"),
    "reject-because": () => panel.askReason((reason) => decide("reject", { reason })),
    change: changeCode, add: addMissed, undo, "take-back": takeBack, adjust: () => adjust(detail),
    evidence: () => current && isSuggestion(current) && panel.evidence(current), go: () => go(detail),
    memo, "forget-memo": () => forgetMemo(detail), help: () => help.showModal(), cancel: () => setDraft(null),
    "all-of-code": () => panel.bulk(current, codeOf(current).id),
    refresh,
  };
  return actions[what]?.();
}

const KEYS = {
  j: "next", k: "before", a: "accept", r: "reject-because", R: "reject", c: "change", n: "add", u: "undo",
  e: "evidence", m: "memo", "?": "help",
};

document.addEventListener("keydown", (event) => {
  const altGr = event.getModifierState("AltGraph");
  if (((event.ctrlKey || event.altKey) && !altGr) || event.metaKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if ("[]{}".includes(event.key)) adjust(event.key);
  else if (event.key === "o") setFilter({ undecided: !filter.undecided });
  else if (event.key === "d") setFilter({ differs: !filter.differs });
  else if (event.key === "f") setFilter({ code: filter.code ? null : current ? codeOf(current).id : null });
  else if (event.key === "Escape") {
    setDraft(null);
    floating.hide();
  } else if (event.key === "Enter" && draft && !event.target.closest("button, a, summary")) accept();
  else if (KEYS[event.key]) act(KEYS[event.key]);
  else return;
  event.preventDefault();
});

text.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const here = drawing.at(event.clientX, event.clientY);
  if (!here.length) return;
  const at = here.findIndex((span) => span.id === current?.id);
  go(here[(at + 1) % here.length].id, { scroll: false });
});

document.getElementById("only-open").addEventListener("click", () => setFilter({ undecided: !filter.undecided }));
document.getElementById("only-differs").addEventListener("click", () => setFilter({ differs: !filter.differs }));
document.getElementById("only-code").addEventListener("change", (event) => {
  setFilter({ code: event.target.value || null });
  event.target.blur();
});
document.getElementById("show-help").addEventListener("click", () => help.showModal());
for (const button of document.querySelectorAll("[data-coder]")) button.addEventListener("click", () => toggleCoder(button));
document.getElementById("run")?.addEventListener("change", (event) => {
  location.href = `/transcripts/${data.transcript}?run=${event.target.value}`;
});
help.querySelector("[data-close]").addEventListener("click", () => help.close());

// --- what others do meanwhile ---------------------------------------------------------------------

async function refresh() {
  const fresh = await ask(`/transcripts/${data.transcript}/state${query}`);
  if (JSON.stringify([fresh.spans, fresh.memos]) === JSON.stringify([data.spans, data.memos])) return;
  const kept = current?.id;
  data.coders = fresh.coders;
  data.codes = fresh.codes;
  data.spans = fresh.spans;
  data.memos = fresh.memos;
  index();
  drawing.all();
  current = byId.get(kept) ?? null;
  drawing.setCurrent(current);
  refreshPanel();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) inTurn(refresh);
});
news?.addEventListener("message", (event) => {
  if (event.data.transcript === data.transcript) inTurn(refresh);
});

let width = innerWidth;
new ResizeObserver(() => {
  if (innerWidth === width) return;
  width = innerWidth;
  requestAnimationFrame(() => drawing.layout());
}).observe(document.documentElement);

// --- begin ----------------------------------------------------------------------------------------

index();
for (const span of [...data.spans].filter((s) => (s.by === data.who && s.decision !== "open" && !s.bulk) || s.mine).sort((a, b) => (a.at < b.at ? -1 : 1))) {
  undoable.push({ kind: span.mine ? "coding" : "decision", id: span.id });
}
applyHidden();
showFilter();
drawing.all();
const wanted = location.hash.slice(1);
const first = byId.get(wanted) ?? stops().find((span) => span.decision === "open") ?? stops()[0];
const place = Number(new URLSearchParams(location.search).get("at") ?? NaN);
if (wanted.startsWith("g") || place >= 0) {
  // A link to a passage, from a list of memos or of similar passages.
  const node = document.getElementById(wanted) ?? segments.all[segments.indexAt(place)].node;
  node.classList.add("target");
  node.scrollIntoView({ block: "center" });
  refreshPanel();
} else if (first) go(first.id, { scroll: Boolean(wanted) || first !== stops()[0] });
else refreshPanel();
document.documentElement.dataset.ready = "true";
