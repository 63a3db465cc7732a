// Drawing: highlights over the plain text, and labels in the margin, packed into columns.
// The text is never cut into elements; the labels are buttons, which is how a screen reader and a
// keyboard reach a span.

export const CAN_PAINT = typeof Highlight === "function" && Boolean(CSS.highlights);

const ROW = 21; // height of a label in pixels
const GAP = 2;
const NARROWEST = 96;

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
      const label = event.target.closest("button.lab");
      if (label) onChoose(label.dataset.id);
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
    const label = this.labels.get(span.id);
    if (label) this.#fill(label, span);
    else this.layout();
  }

  gone(id) {
    for (const highlight of Object.values(this.marks)) {
      for (const range of this.ranges.get(id) ?? []) highlight.delete(range);
    }
    this.ranges.delete(id);
    this.labels.get(id)?.remove();
    this.labels.delete(id);
  }

  /** Where a span stands on the page: top and bottom in pixels from the top of the text. */
  extent(id) {
    const ranges = this.ranges.get(id) ?? [];
    if (!ranges.length) return null;
    const origin = this.textNode.getBoundingClientRect().top;
    const first = ranges[0].getBoundingClientRect();
    const last = ranges.length === 1 ? first : ranges.at(-1).getBoundingClientRect();
    return { top: first.top - origin, bottom: last.bottom - origin };
  }

  /** Place the labels: each in the first column that is free beside its passage. */
  layout() {
    const spans = this.data.spans.filter((span) => this.shows?.(span) ?? true);
    const origin = this.textNode.getBoundingClientRect().top;
    const width = this.margin.clientWidth;
    const tops = spans.map((span) => {
      const range = this.ranges.get(span.id)?.[0];
      return range ? range.getBoundingClientRect().top - origin : 0;
    });
    const columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
    const each = (width - GAP * (columns - 1)) / columns;
    const free = new Array(columns).fill(0);
    const wanted = new Set();
    const page = document.createDocumentFragment();
    spans.forEach((span, index) => {
      wanted.add(span.id);
      let column = free.findIndex((bottom) => bottom <= tops[index] + 1);
      if (column < 0) column = free.indexOf(Math.min(...free));
      const top = Math.max(tops[index], free[column]);
      free[column] = top + ROW + GAP;
      let label = this.labels.get(span.id);
      if (!label) {
        label = this.#make(span);
        this.labels.set(span.id, label);
      }
      label.style.transform = `translate(${column * (each + GAP)}px, ${top}px)`;
      label.style.width = `${each}px`;
      page.append(label);
    });
    for (const [id, label] of this.labels) {
      if (!wanted.has(id)) {
        label.remove();
        this.labels.delete(id);
      }
    }
    const focused = document.activeElement;
    this.margin.append(page);
    if (focused?.classList.contains("lab") && focused.isConnected) focused.focus({ preventScroll: true });
    this.margin.style.height = `${Math.max(...free, 0)}px`;
  }

  #make(span) {
    const label = document.createElement("button");
    label.type = "button";
    label.dataset.id = span.id;
    label.tabIndex = -1;
    const mark = document.createElement("span");
    mark.className = "mk";
    const words = document.createElement("span");
    words.className = "tx";
    label.append(mark, words);
    this.#fill(label, span);
    return label;
  }

  #fill(label, span) {
    const coder = this.data.coders[span.coder];
    const code = this.data.codes[span.code];
    label.className = `lab look-${coder.look}${span.decision ? ` is-${span.decision}` : ""}${span.differs ? " differs" : ""}`;
    label.classList.toggle("current", span.id === this.current);
    label.firstChild.textContent = coder.mark;
    label.lastChild.textContent = code.label;
    const state = { open: "suggested", accept: "accepted", reject: "rejected", amend: "changed" }[span.decision];
    label.title = `${code.label}: ${state ? `${state}${span.by && span.decision !== "open" ? ` by ${span.by}` : ""} (${coder.name})` : coder.name}`;
    label.setAttribute("aria-label", label.title);
  }

  /** Mark one span as the current one. */
  setCurrent(span) {
    const before = this.labels.get(this.current);
    before?.classList.remove("current");
    if (before) before.tabIndex = -1;
    before?.removeAttribute("aria-current");
    this.current = span?.id;
    const label = this.labels.get(this.current);
    label?.classList.add("current");
    label?.setAttribute("aria-current", "true");
    if (label) label.tabIndex = 0;
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
    const spot = caret ? [caret.offsetNode, caret.offset] : null;
    if (!spot) return [];
    return this.data.spans
      .filter((span) => Drawing.counts(span) || span.id === this.current)
      .filter((span) => (this.ranges.get(span.id) ?? []).some((range) => range.isPointInRange(...spot)))
      .sort((a, b) => a.end - a.start - (b.end - b.start));
  }
}
