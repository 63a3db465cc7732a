// Deciding, adding and taking back. Every change is sent at once, one after the other; the page
// changes when the program says that it is stored.

import { Refused, ask, say } from "./frame.js";
import { Memo } from "./memo.js";
import { Picker } from "./picker.js";
import { outcome, small } from "./words.js";
import { clock, codeOf, comeBack, data, desk, drawing, floating, go, index, isSuggestion, markMemos, panel, refreshPanel, segments, setDraft, step } from "./reading.js";

const picker = new Picker(document.getElementById("picker"), (node) => drawing.labels.inPlaceOf(node));
const memos = new Memo(document.getElementById("memo"), (place) => segments.text(place.start, place.end));
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("secondcoder") : null;
const query = `?run=${data.run}${data.withheld_shown ? "&withheld=1" : ""}${data.anyway ? "&anyway=1" : ""}${data.own ? "&own=1" : ""}`;
/** She was told that others' codes would be shown, and went on all the same. */
const anyway = data.anyway ? "?anyway=1" : "";

let waiting = Promise.resolve();
let recent = [];
/** What she did here, to be undone step by step: `{kind, id}`, newest last. */
export const undoable = [];

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
    const old = desk.byId.get(entry.id);
    if (old) Object.assign(old, entry, { differs: old.differs });
    else {
      data.spans.push(entry);
      added = true;
    }
  }
  if (added) data.spans.sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
  index();
  for (const entry of answer.spans ?? []) drawing.change(desk.byId.get(entry.id));
  if ((answer.gone ?? []).length) drawing.layout();
  if (desk.current) desk.current = desk.byId.get(desk.current.id) ?? null;
  if (!desk.current) drawing.setCurrent(null);
  refreshPanel();
  news?.postMessage({ transcript: data.transcript });
}

function codeNumber(id) {
  const at = data.codes.findIndex((code) => code.id === id);
  if (at >= 0) return at;
  data.codes.push({ id, label: id, definition: "", include: "", exclude: "", family: "", lane: "", known: false, aliases: [] });
  return data.codes.length - 1;
}

/** The server counts coders as they are now; a person who codes for the first time is new here. */
function coderNumber(entry) {
  if (entry.decision) return data.coders.findIndex((c) => c.kind === "model");
  if (!entry.mine) return entry.coder;
  const at = data.coders.findIndex((c) => c.kind === "human" && c.name === data.who);
  if (at >= 0) return at;
  data.coders.push(data.reviewer);
  return data.coders.length - 1;
}


export function decide(action, extra = {}) {
  const span = desk.current;
  if (!span) return say("Nothing is chosen yet: press j.");
  if (!isSuggestion(span)) return say(`This is ${data.coders[span.coder].name}'s own code, not a suggestion: there is nothing to decide.`);
  if (action !== "undo" && span.decision === action && action !== "amend" && !extra.reason) {
    return say(`It is ${small(outcome(span, data))} already; u undoes it.`);
  }
  const seconds = clock.seconds();
  const { draft } = desk;
  if (isCheck(span)) return answerCheck(span, action, seconds);
  drawing.labels.get(span.id)?.classList.add("pending");
  return inTurn(() => store(span.id, action, { draft, seconds, ...extra }));
}

/** Send one decision and show what became of it. `draft`: the adjustment that goes with it. */
async function store(id, action, { draft, ...sent }) {
  const span = desk.byId.get(id);
  try {
    const before = action !== "undo" && span.decision !== "open" ? replaced(span) : "";
    const answer = await ask(`/suggestions/${id.slice(1)}/decide${anyway}`, { action, after: span.after, ...sent });
    if (action !== "undo") undoable.push({ kind: "decision", id });
    if (action === "reject") panel.forgetReason(id);
    apply(answer);
    putDown(draft);
    const open = data.spans.filter((s) => s.decision === "open").length;
    const now = desk.byId.get(id);
    say(`${told(now, action)}${before}. ${open} open.`);
    if (action !== "undo") await afterwards(span);
    else if (now.decision !== "open" && now.by === data.who && !undoable.some((one) => one.id === now.id)) {
      undoable.push({ kind: "decision", id: now.id });
    }
  } catch (error) {
    if (error.status === 409) apply(error.body);
    throw error;
  } finally {
    drawing.labels.get(id)?.classList.remove("pending");
  }
}

/** Put an adjustment down once it is stored. One that was made while the answer was under way,
 *  perhaps of another passage, stays. */
function putDown(draft) {
  if (desk.draft === draft) setDraft(null);
}

/** What a decision replaces. */
const replaced = (span) => `, in place of “${small(outcome(span, data))}” by ${span.by === data.who ? "you" : span.by}`;

function told(span, action) {
  const label = codeOf(span).label;
  const now = outcome(span, data);
  if (action !== "undo") return `${now}${now.startsWith("Changed to") ? ", not" : ":"} ${label}`;
  if (span.decision === "open") return `Open again: ${label}`;
  return `As before: ${label} ${small(now)} by ${span.by === data.who ? "you" : span.by}${span.reason ? ` (“${span.reason}”)` : ""}`;
}

const isCheck = (span) => span.id.startsWith("p");

/** A check against drowsiness: told at once, and stored as nothing but a check. */
function answerCheck(span, answer, seconds) {
  const { draft } = desk;
  return inTurn(async () => {
    const told = await ask(`/checks/${span.number}/answer${anyway}`, { answer, seconds });
    if (desk.current?.id === span.id) step(1);
    apply({ gone: told.gone });
    putDown(draft);
    say(told.said);
  });
}

/** After deciding: go on if that is wished, else show what the model said. */
async function afterwards(span) {
  if (panel.goesOn) {
    if (desk.current?.id === span.id) step(1);
  } else if (desk.current?.id === span.id) panel.evidence(span, true);
}

export async function changeCode() {
  if (!desk.current || !isSuggestion(desk.current)) return decide("amend");
  const span = desk.current;
  const chosen = await picker.choose(known(), `Another code for this passage, instead of “${codeOf(span).label}”`, { recent });
  if (!chosen) return;
  if (chosen.id === codeOf(span).id && !desk.draft) return say("That is the code it has.");
  used(chosen.id);
  if (desk.current?.id !== span.id) go(span.id, { scroll: false });
  return decide("amend", { code: chosen.id, ...(desk.draft ?? {}) });
}

const known = () => data.codes.filter((code) => code.known);

function used(id) {
  recent = [id, ...recent.filter((one) => one !== id)].slice(0, 6);
}

export function accept() {
  if (desk.draft && !desk.current) return say("A passage is marked, not a suggestion: n codes it.");
  return desk.draft ? decide("amend", { code: codeOf(desk.current).id, ...desk.draft }) : decide("accept");
}

export async function addMissed() {
  const place = floating.selection() ?? desk.draft ?? (desk.current ? { start: desk.current.start, end: desk.current.end } : null);
  if (!place) return say("Select a passage first, or go to one with j.");
  const quote = segments.text(place.start, place.end);
  const short = quote.length > 60 ? `${quote.slice(0, 58)}…` : quote;
  let chosen = await picker.choose(known(), `Code “${short}”`, { recent, canAdd: true });
  if (!chosen) return;
  floating.hide();
  const { draft } = desk;
  return inTurn(async () => {
    if (chosen.name) chosen = await addCode(chosen.name);
    const answer = await ask(`/transcripts/${data.transcript}/codings`, { code: chosen.id, run: data.run, ...place });
    used(chosen.id);
    apply(answer);
    const asked = data.spans.find((s) => isCheck(s) && codeOf(s).id === "" && s.start < place.end && place.start < s.end);
    if (asked) apply({ gone: (await ask(`/checks/${asked.number}/answer${anyway}`, { answer: "added" })).gone });
    undoable.push({ kind: "coding", id: answer.spans[0].id });
    const selected = segments.selected();
    if (selected?.start === place.start && selected.end === place.end) getSelection().removeAllRanges();
    if (desk.draft === draft) {
      setDraft(null);
      // From a marked passage one goes on where it stands.
      if (!desk.current) go(answer.spans[0].id, { scroll: false });
    }
    say(`Added: ${chosen.label}.`);
  });
}

/** A memo on the selected words, or on those of the current span. */
export function memo() {
  const place = floating.selection() ?? desk.draft ?? (desk.current ? { start: desk.current.start, end: desk.current.end } : null);
  floating.hide();
  memos.open(place, keepMemo);
}

/** Change a memo of hers: the newer text stands in the older one's place, and both stay on record. */
export function changeMemo(number) {
  const old = data.memos.find((one) => String(one.id) === number);
  if (old) memos.open(old.start === null ? null : { start: old.start, end: old.end }, keepMemo, old);
}

/** Store what was written: a new memo, or what `old` says from now on. */
function keepMemo(written, where, stored, old) {
  return inTurn(async () => {
    const path = old ? `/memos/${old.id}` : `/transcripts/${data.transcript}/memos`;
    const made = await ask(path, { ...written, ...where });
    stored();
    data.memos = [...data.memos.filter((one) => one.id !== old?.id), made.memo];
    markMemos();
    refreshPanel();
    say(old ? "The memo is changed." : "The memo is kept.");
  });
}

export function forgetMemo(number) {
  return inTurn(async () => {
    await ask(`/memos/${number}/delete`, {});
    data.memos = data.memos.filter((one) => String(one.id) !== number);
    markMemos();
    refreshPanel();
    say("The memo is taken away.");
  });
}

async function addCode(name) {
  const made = await ask("/codes/new", { name });
  const code = { id: made.id, label: made.name || made.id, definition: "", include: "", exclude: "", family: "", lane: "", known: true, aliases: [] };
  data.codes.push(code);
  return code;
}

/** Undo what was done here last; after a reload, what she did last in this transcript. It waits for
 *  its turn like everything else: a decision whose answer is still under way is the last one. */
export function undo() {
  return inTurn(async () => {
    for (let last = undoable.pop(); last; last = undoable.pop()) {
      const span = desk.byId.get(last.id);
      if (!span || (last.kind === "decision" && (span.decision === "open" || span.by !== data.who))) continue;
      try {
        if (last.kind === "coding") return await removeCoding(last.id);
        go(span.id);
        return await store(span.id, "undo", { draft: desk.draft, seconds: clock.seconds() });
      } catch (error) {
        if (error.status === 0) undoable.push(last); // not sent: the next u tries it once more
        throw error;
      }
    }
    return say("There is nothing of yours to undo in this transcript.");
  });
}

/** Take back what she added; with it a code that she had added for it and nobody else uses. One stays
 *  at its passage, which is marked: n codes it again, j goes on from there. */
async function removeCoding(id) {
  const { start, end } = desk.byId.get(id);
  const { draft } = desk;
  const answer = await ask(`/codings/${id.slice(1)}/remove`, {});
  apply(answer);
  const here = desk.current;
  if (desk.draft === draft && !(here && here.start < end && start < here.end)) {
    desk.current = null;
    drawing.setCurrent(null);
    setDraft({ start, end });
  }
  comeBack();
  if (answer.code_gone) data.codes.find((code) => code.id === answer.code_gone).known = false;
  say(["Taken back.", answer.said].filter(Boolean).join(" "));
}

export function takeBack() {
  if (desk.current?.mine) {
    const id = desk.current.id;
    // What came from changing a suggestion goes with that decision.
    const from = data.spans.find((span) => span.own && `c${span.own}` === id);
    if (from) {
      go(from.id);
      return decide("undo");
    }
    return inTurn(() => removeCoding(id));
  }
  return decide("undo");
}

// --- what others do meanwhile ---------------------------------------------------------------------

export async function refresh() {
  const fresh = await ask(`/transcripts/${data.transcript}/state${query}`);
  if (JSON.stringify([fresh.spans, fresh.memos, fresh.elsewhere]) === JSON.stringify([data.spans, data.memos, data.elsewhere])) return;
  const kept = desk.current?.id;
  data.coders = fresh.coders;
  data.codes = fresh.codes;
  data.spans = fresh.spans;
  data.memos = fresh.memos;
  data.elsewhere = fresh.elsewhere;
  data.onward = fresh.onward;
  index();
  markMemos();
  drawing.all();
  desk.current = desk.byId.get(kept) ?? null;
  drawing.setCurrent(desk.current);
  refreshPanel();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) inTurn(refresh);
});
news?.addEventListener("message", (event) => {
  if (event.data.transcript === data.transcript) inTurn(refresh);
});
