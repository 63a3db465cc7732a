// Deciding, adding and taking back. Every change is sent at once, one after the other; the page
// changes when the program says that it is stored.

import { ask, say } from "./frame.js";
import { Picker } from "./picker.js";
import { afterUndo, goOn, later, once, undoes } from "./quick.js";
import { inTurn } from "./turns.js";
import { apart, outcome, small } from "./words.js";
import { arrange, clock, codeOf, comeBack, data, desk, drawing, floating, go, index, isSuggestion, listCoder, markMemos, panel, refreshPanel, segments, setDraft, sort } from "./reading.js";

const picker = new Picker(document.getElementById("picker"), (node) => drawing.labels.inPlaceOf(node));
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("secondcoder") : null;
const query = `?run=${data.run}${data.withheld_shown ? "&withheld=1" : ""}${data.anyway ? "&anyway=1" : ""}${data.own ? "&own=1" : ""}`;
/** She was told that others' codes would be shown, and went on all the same. */
const anyway = data.anyway ? "?anyway=1" : "";

let recent = [];
/** What she did here, to be undone step by step: `{kind, id}`, newest last. */
export const undoable = [];

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
  if (added) sort();
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

/** What this page calls the coder of a span that comes alone; -1 for somebody else who codes here
 *  for the first time since the page was made. She herself is new here with her first code. */
function coderNumber(entry) {
  if (entry.decision) return data.coders.findIndex((c) => c.kind === "model");
  const at = data.coders.findIndex((c) => c.kind === "human" && c.name === entry.coder_name);
  if (at >= 0 || entry.coder_name !== data.who) return at;
  data.coders.push(data.reviewer);
  listCoder(data.reviewer);
  return data.coders.length - 1;
}

/** Show how suggestions stand now. Where somebody changed one whom the page has never heard of,
 *  everything is asked for anew: others may be drawn otherwise beside her. */
async function showNow(answer) {
  if (answer.spans.every((entry) => coderNumber(entry) >= 0)) return apply(answer);
  await refresh();
  news?.postMessage({ transcript: data.transcript });
}

export function decide(action, extra = {}) {
  const span = desk.current;
  const seconds = clock.seconds();
  if (["accept", "reject"].includes(action) && !extra.reason) {
    if (later(() => { decide(action); }) || afterUndo(keyOf(action), (undo) => decideThen(action, undo, seconds))) return;
  }
  if (!span) return say("Nothing is chosen yet: press j.");
  if (!isSuggestion(span)) return say(`This is ${apart(data.coders[span.coder].name)}'s own code, not a suggestion: there is nothing to decide.`);
  if (!extra.reason && already(span, action)) return;
  const { draft } = desk;
  if (isCheck(span)) return answerCheck(span, action, seconds);
  drawing.labels.get(span.id)?.classList.add("pending");
  if (action === "undo") return undoes((undo) => store(span.id, action, { draft, seconds, undo }), span.id);
  return once(span.id, keyOf(action, extra), () => store(span.id, action, { draft, seconds, ...extra }));
}

/** What says the same as before, for `once`. */
const keyOf = (action, extra = {}) => JSON.stringify([action, extra]);

/** Send one decision and show what became of it. `draft`: the adjustment that goes with it. */
async function store(id, action, { draft, undo, ...sent }) {
  const span = desk.byId.get(id);
  try {
    const before = action !== "undo" && span.decision !== "open" ? replaced(span) : "";
    const adjusted = action === "undo" ? hersAdjusted(span) : null;
    const answer = await ask(`/suggestions/${id.slice(1)}/decide${anyway}`, { action, after: span.after, ...sent });
    if (action !== "undo") undoable.push({ kind: "decision", id });
    if (action === "reject") panel.forgetReason(id);
    await showNow(answer);
    putDown(draft);
    const open = data.spans.filter((s) => s.decision === "open").length;
    const now = desk.byId.get(id);
    const again = adjusted && now.decision === "open" && desk.current?.id === id && !desk.draft;
    if (again) setDraft(adjusted);
    if (undo && now.decision === "open") undo.borders = adjusted;
    say(`${told(now, action)}${before}${again ? ", with your borders; Esc gives the model's" : ""}. ${open} open.`);
    if (action !== "undo") await afterwards(now);
    else if (now.decision !== "open" && now.by === data.who && !undoable.some((one) => one.id === now.id)) {
      undoable.push({ kind: "decision", id: now.id });
    }
  } catch (error) {
    if (error.status === 409) await showNow(error.body);
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

/** The borders that she accepted it with; null where the decision in force is another. Taken back,
 *  they are an adjustment again, so that what she had set word by word is not to be set anew. */
function hersAdjusted(span) {
  if (span.decision !== "amend" || span.by !== data.who || span.instead !== codeOf(span).id) return null;
  const own = desk.byId.get(`c${span.own}`);
  return own ? { start: own.start, end: own.end } : null;
}

/** What a decision replaces. */
const replaced = (span) => `, in place of “${small(outcome(span, data))}” by ${span.by === data.who ? "you" : apart(span.by)}`;

function told(span, action) {
  const label = codeOf(span).label;
  const now = outcome(span, data);
  if (action !== "undo") return `${now}${now.startsWith("Changed to") ? ", not" : ":"} ${label}`;
  if (span.decision === "open") return `Open again: ${label}`;
  return `As before: ${label} ${small(now)} by ${span.by === data.who ? "you" : apart(span.by)}${span.reason ? ` (“${span.reason}”)` : ""}`;
}

/** Said where a suggestion is already what she wants it to be. */
function already(span, action) {
  if (["undo", "amend"].includes(action) || span.decision !== action) return false;
  say(`It is ${small(outcome(span, data))} already; u undoes it.`);
  return true;
}

/** Accept or reject what an undo was about, now that it is answered: with the borders that it gave back,
 *  also where she has gone on meanwhile. Where it took back a code of hers, one is where it left her. */
function decideThen(action, undo, seconds) {
  const span = desk.byId.get(undo.id);
  const mine = !span || desk.current?.id === span.id;
  const draft = mine ? desk.draft : undo.borders;
  if (!span) return void (action === "accept" ? accept() : decide(action)); // not waited for: its turn comes
  if (action === "accept" && draft) return store(span.id, "amend", { draft, seconds, code: codeOf(span).id, ...draft });
  if (!already(span, action)) return store(span.id, action, { draft, seconds });
}

const isCheck = (span) => span.id.startsWith("p");

/** A check against drowsiness: told at once, and stored as nothing but a check. */
function answerCheck(span, answer, seconds) {
  const { draft } = desk;
  return once(span.id, answer, async () => {
    const told = await ask(`/checks/${span.number}/answer${anyway}`, { answer, seconds });
    goOn(span);
    apply({ gone: told.gone });
    putDown(draft);
    say(told.said);
  });
}

/** After deciding: go on if that is wished, else show what the model said. */
async function afterwards(span) {
  if (panel.goesOn) goOn(span);
  else if (desk.current?.id === span.id) panel.evidence(span, true);
}

export async function changeCode() {
  if (!desk.current || !isSuggestion(desk.current)) return decide("amend");
  const span = desk.current;
  const others = known().filter((code) => desk.draft || code.id !== codeOf(span).id);
  const own = codeOf(span);
  const instead = others.includes(own) ? null : own;
  const chosen = await picker.choose(others, `Another code for this passage, instead of “${own.label}”`, { recent, instead });
  if (!chosen) return;
  used(chosen.id);
  if (desk.current?.id !== span.id) go(span.id, { scroll: false });
  return decide("amend", { code: chosen.id, ...(desk.draft ?? {}) });
}

const known = () => data.codes.filter((code) => code.known);

function used(id) {
  recent = [id, ...recent.filter((one) => one !== id)].slice(0, 6);
}

export function accept() {
  const seconds = clock.seconds();
  if (later(() => { accept(); }) || afterUndo(keyOf("accept"), (undo) => decideThen("accept", undo, seconds))) return;
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

async function addCode(name) {
  const made = await ask("/codes/new", { name });
  const code = { id: made.id, label: made.name || made.id, definition: "", include: "", exclude: "", family: "", lane: "", known: true, aliases: [] };
  data.codes.push(code);
  return code;
}

/** Undo what was done here last; after a reload, what she did last in this transcript. It waits for
 *  its turn like everything else: a decision whose answer is still under way is the last one. */
export function undo() {
  return undoes(async (undo) => {
    for (let last = undoable.pop(); last; last = undoable.pop()) {
      const span = desk.byId.get(last.id);
      if (!span || (last.kind === "decision" && (span.decision === "open" || span.by !== data.who))) continue;
      try {
        if (last.kind === "coding") return await removeCoding(last.id);
        undo.id = span.id;
        go(span.id);
        return await store(span.id, "undo", { draft: desk.draft, seconds: clock.seconds(), undo });
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
  data.reviewer = fresh.reviewer;
  data.codes = fresh.codes;
  data.spans = fresh.spans;
  data.memos = fresh.memos;
  data.elsewhere = fresh.elsewhere;
  data.onward = fresh.onward;
  index();
  markMemos();
  drawing.all();
  arrange();
  desk.current = desk.byId.get(kept) ?? null;
  drawing.setCurrent(desk.current);
  refreshPanel();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) inTurn(refresh, { stores: false });
});
news?.addEventListener("message", (event) => {
  if (event.data.transcript === data.transcript) inTurn(refresh, { stores: false });
});
