// Labels in the margin, packed into columns beside their passages. They are buttons, which is how a
// screen reader and a keyboard reach a span. A long interview has thousands: those in sight are made
// at once, the others while nothing else is to be done, or when one of them is asked for.

import { SIGNS, apart, look, outcome, small } from "./words.js";

const ROW = 21; // height of a label in pixels
const GAP = 3;
const NARROWEST = 172;
const WORDS = 84; // at least so wide are the code's words, before marks are folded
const MARK = 26; // about the width of a mark
const LOT = 40; // labels that are made together
const MARGIN = 400; // how far around the window labels are made at once, in pixels

// Where the browser cannot say when it is idle: ten milliseconds of every turn.
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => {
  const until = performance.now() + 10;
  work({ timeRemaining: () => until - performance.now() });
}, 1));

export class Labels {
  constructor(margin, data, onChoose) {
    this.margin = margin;
    this.data = data;
    this.lots = [];
    this.lotOf = new Map();
    this.marks = new Map();
    this.ranks = new Map();
    margin.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-id]") ?? event.target.closest(".lab")?.querySelector("[data-id].main");
      if (chosen) onChoose(chosen.dataset.id);
    });
  }

  /** Place labels for `spans` (in the order of the text); `topOf(span)`: pixels from the margin's top.
   *  Everything is measured before anything is written. */
  lay(spans, topOf) {
    const groups = grouped(spans);
    const tops = groups.map((group) => topOf(group.spans[0]));
    const width = this.margin.clientWidth;
    const above = -this.margin.getBoundingClientRect().top;
    const columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
    const each = (width - GAP * (columns - 1)) / columns;
    const free = new Array(columns).fill(0);
    const focused = this.margin.contains(document.activeElement) ? document.activeElement : null;
    this.marks = new Map();
    this.lotOf = new Map();
    this.lots = [];
    this.groups = groups;
    this.ranks = new Map();
    groups.forEach((group, index) => {
      for (const span of group.spans) this.ranks.set(span.id, index);
      let column = free.findIndex((bottom) => bottom <= tops[index] + 1);
      if (column < 0) column = free.indexOf(Math.min(...free));
      const top = Math.max(tops[index], free[column]);
      free[column] = top + ROW + GAP;
      if (index % LOT === 0) this.lots.push({ node: document.createElement("div"), places: [], made: false });
      const lot = this.lots.at(-1);
      lot.places.push({ spans: group.spans, left: column * (each + GAP), top, width: each });
      for (const span of group.spans) this.lotOf.set(span.id, lot);
    });
    this.margin.replaceChildren(...this.lots.map((lot) => lot.node));
    this.margin.style.height = `${Math.max(...free, 0)}px`;
    for (const lot of this.lots) {
      if (lot.places[0].top < above + innerHeight + MARGIN && lot.places.at(-1).top > above - MARGIN) this.#fill(lot);
    }
    this.#keepStop();
    if (focused) this.inPlaceOf(focused)?.focus({ preventScroll: true });
    this.#fillTheRest(this.lots);
  }

  /** How many labels stand before a span's; undefined when it has none. */
  rank(id) {
    return this.ranks.get(id);
  }

  /** The button of a span; undefined when the span has no label. */
  get(id) {
    const lot = this.lotOf.get(id);
    if (lot && !lot.made) this.#fill(lot);
    return this.marks.get(id);
  }

  /** A decision has changed how a span's label looks. False: it has to be placed anew. */
  change(span) {
    const lot = this.lotOf.get(span.id);
    if (!lot) return false;
    if (!lot.made) return lot.places.some((place) => place.spans.some((one) => one.id === span.id && one.code === span.code));
    const mark = this.marks.get(span.id);
    if (mark.dataset.code !== String(span.code)) return false;
    this.#draw(mark, span);
    return true;
  }

  setCurrent(id) {
    const before = this.marks.get(this.current);
    if (before) {
      before.parentElement.classList.remove("current");
      before.removeAttribute("aria-current");
    }
    this.current = id;
    const mark = id === undefined ? undefined : this.get(id);
    if (mark) this.#setOn(mark);
    this.#keepStop();
  }

  /** The label that has taken the place of one that had the focus; where its span has none any
   *  more, the one that Tab reaches. */
  inPlaceOf(mark) {
    return this.get(mark.dataset.id) ?? this.stop;
  }

  /** Tab reaches one label: that of the current span, else the next one after it in the text. */
  #keepStop() {
    if (this.stop) this.stop.tabIndex = -1;
    let id = this.current;
    if (!this.lotOf.has(id)) {
      const start = this.data.spans.find((span) => span.id === id)?.start ?? 0;
      const near = (this.groups ?? []).find((group) => group.spans[0].start >= start) ?? this.groups?.at(-1);
      id = near?.spans[0].id;
    }
    this.stop = id === undefined ? undefined : this.get(id);
    if (this.stop) this.stop.tabIndex = 0;
  }

  #setOn(mark) {
    mark.setAttribute("aria-current", "true");
    mark.parentElement.classList.add("current");
  }

  #fillTheRest(lots) {
    const rest = lots.filter((lot) => !lot.made);
    this.margin.toggleAttribute("data-whole", !rest.length);
    if (!rest.length) return;
    whenIdle((turn) => {
      if (lots !== this.lots) return;
      do this.#fill(rest.shift());
      while (rest.length && turn.timeRemaining() > 8);
      this.#fillTheRest(lots);
    });
  }

  #fill(lot) {
    if (lot.made) return;
    lot.made = true;
    lot.node.replaceChildren(...lot.places.map((place) => this.#make(place)));
  }

  #make({ spans, left, top, width }) {
    const label = document.createElement("div");
    label.className = "lab";
    label.style.transform = `translate(${left}px, ${top}px)`;
    label.style.width = `${width}px`;
    const main = spans.find((span) => span.decision) ?? spans[0];
    // Marks for which there is no room are folded into a number; they open when one is at the label.
    const room = Math.max(1, Math.floor((width - WORDS) / MARK));
    const folded = spans.length > room ? new Set(spans.filter((span) => span !== main).slice(Math.max(0, room - 2))) : new Set();
    for (const span of spans.toSorted((a, b) => a.coder - b.coder)) {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.dataset.id = span.id;
      mark.dataset.code = span.code;
      mark.tabIndex = -1;
      mark.toggleAttribute("data-folded", folded.has(span));
      this.marks.set(span.id, mark);
      label.append(mark);
    }
    if (folded.size) {
      const more = document.createElement("span");
      more.className = "more";
      more.ariaHidden = "true"; // each of them is there for a screen reader
      more.textContent = `+${folded.size}`;
      more.title = [...folded].map((span) => apart(this.data.coders[span.coder].name)).join(", ");
      label.append(more);
    }
    const words = document.createElement("span");
    words.className = "tx";
    words.textContent = this.data.codes[spans[0].code].label;
    label.append(words);
    for (const span of spans) this.#draw(this.marks.get(span.id), span, span === main);
    return label;
  }

  #draw(mark, span, main = mark.classList.contains("main")) {
    const coder = this.data.coders[span.coder];
    const code = this.data.codes[span.code];
    const state = span.decision && (span.decision === "open" ? "suggested" : small(outcome(span, this.data)));
    const decided = span.decision && look(span, this.data);
    mark.className = `mk look-${coder.look}${decided ? ` is-${decided}` : ""}${main ? " main" : ""}`;
    mark.textContent = coder.mark + (SIGNS[decided] ?? "");
    mark.title = `${code.label}: ${state ? `${state}${span.by && span.decision !== "open" ? ` by ${apart(span.by)}` : ""} (${apart(coder.name)})` : apart(coder.name)}`;
    mark.setAttribute("aria-label", mark.title);
    if (span.decision) {
      const label = mark.parentElement;
      label.classList.toggle("struck", [...label.children].every((m) => m.matches(".is-reject, .is-amend, .tx, .more")));
    }
    if (span.id === this.current) this.#setOn(mark);
  }
}

/** Spans of one code over the same words stand in one label, with a mark for each coder. */
function grouped(spans) {
  const open = new Map();
  const found = [];
  for (const span of spans) {
    const there = open.get(span.code);
    if (there && span.start < there.end) {
      there.spans.push(span);
      there.end = Math.max(there.end, span.end);
    } else {
      const made = { spans: [span], end: span.end };
      open.set(span.code, made);
      found.push(made);
    }
  }
  return found;
}
