// The transcript page: filters, keys and buttons, and how it begins. `reading.js` knows where one is,
// `deciding.js` stores what is decided.

import { say } from "./frame.js";
import { accept, addMissed, changeCode, decide, refresh, takeBack, undo, undoable } from "./deciding.js";
import { changeMemo, forgetMemo, memo } from "./noting.js";
import { adjust, arrange, codeOf, comeBack, data, desk, drawing, filter, floating, go, index, isSuggestion, mark, markMemos, panel, refreshPanel, segments, setDraft, step, stops, text, wanted } from "./reading.js";
import { isTyping, remember, remembered } from "./working.js";

// --- filters --------------------------------------------------------------------------------------

function setFilter(change) {
  Object.assign(filter, change);
  remember("filter", { undecided: filter.undecided, differs: filter.differs, code: filter.code });
  showFilter();
  drawing.layout();
  drawing.setCurrent(desk.current);
  refreshPanel();
  const n = stops().length;
  const parts = [filter.undecided && "only undecided", filter.code && `only “${data.codes.find((c) => c.id === filter.code)?.label}”`, filter.differs && "only disagreements"].filter(Boolean);
  const said = parts.join(", ");
  say(said ? `${said[0].toUpperCase()}${said.slice(1)}: ${n}` : "All suggestions");
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
  }
}

// --- help, keys, buttons --------------------------------------------------------------------------

const help = document.getElementById("help");

function act(what, detail) {
  const actions = {
    next: () => step(1), before: () => step(-1), accept, reject: () => decide("reject"),
    "reject-because": () => panel.askReason(desk.current, (reason) => decide("reject", { reason })),
    change: changeCode, add: addMissed, undo, "take-back": takeBack, adjust: () => adjust(detail),
    evidence: () => desk.current && isSuggestion(desk.current) && panel.evidence(desk.current), go: () => go(detail),
    "paragraph-next": () => mark(1), "paragraph-before": () => mark(-1), back: comeBack, unmark: () => setDraft(null),
    "sentence-next": () => mark(1, "sentences"), "sentence-before": () => mark(-1, "sentences"),
    "go-on": () => goOnByItself(), panel: () => panel.node.focus(),
    memo, "forget-memo": () => forgetMemo(detail), "change-memo": () => changeMemo(detail), help: () => help.showModal(), cancel: () => setDraft(null),
    "all-of-code": () => panel.bulk(desk.current, codeOf(desk.current).id),
    refresh,
  };
  return actions[what]?.();
}

desk.act = act;

function goOnByItself() {
  panel.goOn.click();
  say(panel.goesOn ? "After a decision it goes on by itself" : "After a decision it stays, and shows the evidence");
}

const KEYS = {
  j: "next", k: "before", a: "accept", r: "reject-because", R: "reject", c: "change", n: "add", u: "undo",
  e: "evidence", m: "memo", "?": "help", z: "back", g: "go-on", p: "panel",
  J: "paragraph-next", K: "paragraph-before", ".": "sentence-next", ",": "sentence-before",
};

const MOVING = "jkJK.,";

document.addEventListener("keydown", (event) => {
  const altGr = event.getModifierState("AltGraph");
  if (((event.ctrlKey || event.altKey) && !altGr) || event.metaKey) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape" && !event.target.closest("dialog")) event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  // A key that is held down moves on, and decides once: the next passage has not been read.
  if (event.repeat && KEYS[event.key] && !MOVING.includes(event.key)) return event.preventDefault();
  if ("[]{}()".includes(event.key)) adjust(event.key);
  else if (data.own && "od".includes(event.key)) return;
  else if (event.key === "o") setFilter({ undecided: !filter.undecided });
  else if (event.key === "d") setFilter({ differs: !filter.differs });
  else if (event.key === "f") setFilter({ code: filter.code ? null : desk.current ? codeOf(desk.current).id : null });
  else if (event.key === "Escape") {
    setDraft(null);
    floating.hide();
    if (event.target.closest("#panel")) event.target.blur();
  } else if (event.key === "Enter" && desk.draft && !event.target.closest("button, a, summary")) act(desk.current ? "accept" : "add");
  else if (KEYS[event.key]) act(KEYS[event.key]);
  else return;
  event.preventDefault();
});

text.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const here = drawing.at(event.clientX, event.clientY);
  if (!here.length) return;
  const at = here.findIndex((span) => span.id === desk.current?.id);
  go(here[(at + 1) % here.length].id, { scroll: false });
});

document.getElementById("only-open").addEventListener("click", () => setFilter({ undecided: !filter.undecided }));
document.getElementById("only-differs").addEventListener("click", () => setFilter({ differs: !filter.differs }));
document.getElementById("only-code").addEventListener("change", (event) => {
  setFilter({ code: event.target.value || null });
  event.target.blur();
});
document.getElementById("show-help").addEventListener("click", () => help.showModal());
document.querySelector(".bar-coders").addEventListener("click", (event) => {
  const button = event.target.closest("[data-coder]");
  if (button) toggleCoder(button);
});
document.getElementById("run")?.addEventListener("change", (event) => {
  const { value } = event.target;
  location.href = `/transcripts/${data.transcript}?${value === "own" ? "own=1" : `run=${value}`}`;
});
help.querySelector("[data-close]").addEventListener("click", () => help.close());

let width = innerWidth;
new ResizeObserver(() => {
  if (innerWidth === width) return;
  width = innerWidth;
  requestAnimationFrame(() => drawing.layout());
}).observe(document.documentElement);

// --- begin ----------------------------------------------------------------------------------------

index();
// A coding that came from changing a suggestion goes with that decision: it is undone once.
const changed = new Set(data.spans.map((span) => span.own && `c${span.own}`));
for (const span of [...data.spans].filter((s) => (s.by === data.who && s.decision !== "open" && !s.bulk) || (s.mine && !changed.has(s.id))).sort((a, b) => (a.at < b.at ? -1 : 1))) {
  undoable.push({ kind: span.mine ? "coding" : "decision", id: span.id });
}
applyHidden();
showFilter();
markMemos();
drawing.all();
arrange();
const asked = wanted();
const first = desk.byId.get(asked) ?? stops().find((span) => span.decision === "open") ?? stops()[0];
const place = Number(new URLSearchParams(location.search).get("at") ?? NaN);
if (asked.startsWith("g") || place >= 0) {
  // A link to a passage, from a list of memos or of similar passages.
  const node = document.getElementById(asked) ?? segments.all[segments.indexAt(place)].node;
  node.classList.add("target");
  node.scrollIntoView({ block: "center" });
  refreshPanel();
} else if (first) go(first.id);
else refreshPanel();
document.documentElement.dataset.ready = "true";
