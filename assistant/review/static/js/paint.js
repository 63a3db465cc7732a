// Drawing: highlights over the plain text, and labels in the margin, packed into columns.
// The text is never cut into elements; the labels are buttons, which is how a screen reader and a
// keyboard reach a span.

export const CAN_PAINT = typeof Highlight === "function" && Boolean(CSS.highlights);

const ROW = 21; // height of a label in pixels
const GAP = 3;
const NARROWEST = 172;

export class Drawing {
  /** `text`: element with the segments; `margin`: element beside it; `data`: what the server sent. */
  constructor(segments, text, margin, data, onChoose) {
    this.segments = segments;
    this.textNode = text;
    this.margin = margin;
    this.data = data;
    this.labels = new Map();
    this.marks = {};
    margin.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-id]") ?? event.target.closest(".lab")?.querySelector("[data-id].main");
      if (chosen) onChoose(chosen.dataset.id);
    });
  }

  look(span) {
    return this.data.coders[span.coder].look;
  }

  /** Whether a span is painted: what a person rejected or changed is not there any more. */
  static counts(span) {
    return span.decision !== "reject" && span.decision !== "amend";
  }

  #highlight(name, priority = 0) {
    if (!CAN_PAINT) return null;
    if (!this.marks[name]) {
      this.marks[name] = new Highlight();
      this.marks[name].priority = priority;
      CSS.highlights.set(name, this.marks[name]);
    }
    return this.marks[name];
  }

  /** Paint all spans and draw all labels: first everything is measured, then everything written. */
  all() {
    for (const name of Object.keys(this.marks)) this.marks[name].clear();
    this.ranges = new Map();
    for (const span of this.data.spans) this.#paint(span);
    this.layout();
  }

  #paint(span) {
    const ranges = this.segments.ranges(span.start, span.end);
    this.ranges.set(span.id, ranges);
    if (!CAN_PAINT || !Drawing.counts(span)) return;
    const look = this.look(span);
    const name = look === "m" ? (span.decision === "accept" ? "model-accepted" : "model-open") : `person-${look}`;
    const highlight = this.#highlight(name, look === "m" ? 1 : 0);
    for (const range of ranges) highlight.add(range);
  }

  /** One span is new or has changed. */
  change(span) {
    for (const highlight of Object.values(this.marks)) {
      for (const range of this.ranges.get(span.id) ?? []) highlight.delete(range);
    }
    this.#paint(span);
    const mark = this.labels.get(span.id);
    if (mark && mark.dataset.code === String(span.code)) this.#fill(mark, span);
    else this.layout();
  }

  gone(id) {
    for (const highlight of Object.values(this.marks)) {
      for (const range of this.ranges.get(id) ?? []) highlight.delete(range);
    }
    this.ranges.delete(id);
  }

  /** Where a span stands on the page: top and bottom in pixels from the top of the text. */
  extent(id) {
    const ranges = this.ranges.get(id) ?? [];
    if (!ranges.length) return null;
    const origin = this.textNode.getBoundingClientRect().top;
    const first = this.segments.box(ranges[0]);
    const last = ranges.length === 1 ? first : this.segments.box(ranges.at(-1));
    return { top: first.top - origin, bottom: last.bottom - origin };
  }

  /** Spans of one code over the same words stand in one label, with a mark for each coder. */
  #groups(spans) {
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

  /** Place the labels: each in the first column that is free beside its passage. */
  layout() {
    const groups = this.#groups(this.data.spans.filter((span) => this.shows?.(span) ?? true));
    const origin = this.textNode.getBoundingClientRect().top;
    const width = this.margin.clientWidth;
    const tops = groups.map(({ spans }) => {
      const range = this.ranges.get(spans[0].id)?.[0];
      return range ? this.segments.beginning(range).top - origin + 3 : 0;
    });
    const columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
    const each = (width - GAP * (columns - 1)) / columns;
    const free = new Array(columns).fill(0);
    const focused = document.activeElement?.dataset?.id;
    const page = document.createDocumentFragment();
    this.labels = new Map();
    groups.forEach((group, index) => {
      let column = free.findIndex((bottom) => bottom <= tops[index] + 1);
      if (column < 0) column = free.indexOf(Math.min(...free));
      const top = Math.max(tops[index], free[column]);
      free[column] = top + ROW + GAP;
      const label = this.#make(group.spans);
      label.style.transform = `translate(${column * (each + GAP)}px, ${top}px)`;
      label.style.width = `${each}px`;
      page.append(label);
    });
    this.margin.replaceChildren(page);
    this.margin.style.height = `${Math.max(...free, 0)}px`;
    if (focused && this.labels.has(focused)) this.labels.get(focused).focus({ preventScroll: true });
  }

  #make(spans) {
    const label = document.createElement("div");
    label.className = "lab";
    const main = spans.find((span) => span.decision) ?? spans[0];
    spans.sort((a, b) => a.coder - b.coder);
    for (const span of spans) {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.dataset.id = span.id;
      mark.dataset.code = span.code;
      mark.tabIndex = -1;
      this.labels.set(span.id, mark);
      label.append(mark);
    }
    const words = document.createElement("span");
    words.className = "tx";
    words.textContent = this.data.codes[spans[0].code].label;
    label.append(words);
    for (const span of spans) this.#fill(this.labels.get(span.id), span, span === main);
    return label;
  }

  #fill(mark, span, main = mark.classList.contains("main")) {
    const coder = this.data.coders[span.coder];
    const code = this.data.codes[span.code];
    const state = { open: "suggested", accept: "accepted", reject: "rejected", amend: "changed" }[span.decision];
    mark.className = `mk look-${coder.look}${span.decision ? ` is-${span.decision}` : ""}${main ? " main" : ""}`;
    mark.textContent = coder.mark + ({ accept: "✓", reject: "✕", amend: "✕" }[span.decision] ?? "");
    mark.title = `${code.label}: ${state ? `${state}${span.by && span.decision !== "open" ? ` by ${span.by}` : ""} (${coder.name})` : coder.name}`;
    mark.setAttribute("aria-label", mark.title);
    if (span.decision) {
      const label = mark.parentElement;
      label.classList.toggle("struck", [...label.children].every((m) => m.matches(".is-reject, .is-amend, .tx")));
    }
    if (span.id === this.current) this.#setOn(mark);
  }

  #setOn(mark) {
    mark.setAttribute("aria-current", "true");
    mark.tabIndex = 0;
    mark.parentElement.classList.add("current");
  }

  /** Mark one span as the current one. */
  setCurrent(span) {
    const before = this.labels.get(this.current);
    if (before) {
      before.parentElement.classList.remove("current");
      before.removeAttribute("aria-current");
      before.tabIndex = -1;
    }
    this.current = span?.id;
    const mark = this.labels.get(this.current);
    if (mark) this.#setOn(mark);
    this.show("current", span ? [span.start, span.end] : null);
  }

  /** Paint one stretch under a name of its own (`current`, `draft`), or nothing. */
  show(name, place) {
    if (!CAN_PAINT) {
      for (const mark of this.textNode.querySelectorAll(`mark.${name}`)) mark.classList.remove(name);
      if (place && this.current) {
        for (const mark of this.textNode.querySelectorAll(`mark[data-spans~="${this.current}"]`)) mark.classList.add(name);
      }
      return;
    }
    const highlight = this.#highlight(name, name === "draft" ? 9 : 5);
    highlight.clear();
    if (place) for (const range of this.segments.ranges(...place)) highlight.add(range);
  }

  /** The spans at a point of the window, the shortest first: highlights take no clicks. */
  at(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const point = caret ? this.segments.pointAt(caret.offsetNode, caret.offset) : null;
    if (point === null) return [];
    return this.data.spans
      .filter((span) => span.start <= point && point <= span.end)
      .filter((span) => Drawing.counts(span) || span.id === this.current)
      .sort((a, b) => a.end - a.start - (b.end - b.start));
  }
}
