// Drawing: highlights over the plain text, boxes behind the passage one is at, and labels beside it.
// The text is never cut into elements, except where the browser cannot paint ranges of it.

import { drawMarks, signature } from "./marks.js";
import { Labels } from "./labels.js";
import { apart } from "./words.js";

// Firefox had highlights without lines under words up to 148, and says of itself that it has them. It
// prints a copy of the page, which has no highlights.
const FIREFOX = Number(/Firefox\/(\d+)/.exec(navigator.userAgent)?.[1] ?? 0);
const CAN_PAINT = typeof Highlight === "function" && Boolean(CSS.highlights) && (!FIREFOX || FIREFOX >= 149);

export class Drawing {
  /** `text`: element with the segments; `margin`: element beside it; `data`: what the server sent. */
  constructor(segments, text, margin, data, onChoose) {
    this.segments = segments;
    this.textNode = text;
    this.data = data;
    this.labels = new Labels(margin, data, onChoose);
    this.marked = !CAN_PAINT || text.classList.contains("with-marks");
    this.ranges = new Map();
    this.segmentsOf = new Map();
    this.inSegment = new Map();
    this.drawn = new Map();
    this.stretches = new Map();
    this.painted = [0, 0];
    addEventListener("scroll", () => this.#moved(), { passive: true });
    addEventListener("beforeprint", () => {
      this.onPaper = Boolean(FIREFOX) && !this.marked;
      if (this.onPaper) this.marked = true;
      this.paint(true);
      this.#writeForPaper();
    });
    addEventListener("afterprint", () => {
      for (const line of this.textNode.querySelectorAll(".paper")) line.remove();
      if (this.onPaper) this.#takeMarksAway();
      this.paint();
    });
  }

  look(span) {
    return this.data.coders[span.coder].look;
  }

  /** Whether a span is painted: what a person rejected or changed is not there any more. */
  static counts(span) {
    return span.decision !== "reject" && span.decision !== "amend";
  }

  /** The name of the highlight in which a span is painted; null when it is not painted. */
  #mark(span) {
    if (!Drawing.counts(span)) return null;
    const look = this.look(span);
    if (look !== "m") return `person-${look}`;
    return span.decision === "accept" ? "model-accepted" : "model-open";
  }

  /** Paint all spans and draw all labels: first everything is measured, then everything written. */
  all() {
    this.ranges = new Map();
    this.segmentsOf = new Map();
    this.inSegment = new Map();
    for (const span of this.data.spans) this.#take(span);
    this.layout();
  }

  /** Note where a span stands, segment by segment. */
  #take(span) {
    const ranges = this.segments.ranges(span.start, span.end);
    this.ranges.set(span.id, ranges);
    const indexes = ranges.map((range) => this.segments.indexOf(range));
    this.segmentsOf.set(span.id, indexes);
    const name = this.#mark(span);
    if (!name) return;
    for (const [n, range] of ranges.entries()) {
      const index = indexes[n];
      if (!this.inSegment.has(index)) this.inSegment.set(index, []);
      this.inSegment.get(index).push({ span, name, range });
    }
  }

  #drop(id) {
    for (const index of this.segmentsOf.get(id) ?? []) {
      this.inSegment.set(index, (this.inSegment.get(index) ?? []).filter((painted) => painted.span.id !== id));
    }
    this.ranges.delete(id);
    this.segmentsOf.delete(id);
  }

  /** Where a span stands in the page. Marks cut the text anew, so that it is looked up then. */
  #rangesOf(span) {
    return this.marked ? this.segments.ranges(span.start, span.end) : this.ranges.get(span.id) ?? [];
  }

  /** Give the browser the ranges in and around the window, or all of them. It looks at every one
   *  again whenever anything on the page changes, so that thousands would make each key slow. */
  paint(whole = false) {
    if (this.marked) return this.#drawMarks();
    const [from, until] = whole ? [0, this.segments.all.length] : this.segments.around(innerHeight);
    const wanted = new Map();
    for (let index = from; index < until; index++) {
      for (const { span, name, range } of this.inSegment.get(index) ?? []) {
        if (!(this.shows?.(span) ?? true)) continue;
        if (!wanted.has(name)) wanted.set(name, []);
        wanted.get(name).push(range);
      }
    }
    for (const name of [...CSS.highlights.keys()]) if (!wanted.has(name)) CSS.highlights.delete(name);
    for (const [name, ranges] of wanted) {
      const highlight = new Highlight(...ranges);
      highlight.priority = name.startsWith("model") ? 1 : 0;
      CSS.highlights.set(name, highlight);
    }
    this.painted = [from, until];
  }

  /** Cut the text of those segments anew whose spans have changed. */
  #drawMarks() {
    const labels = this.textNode.classList.contains("with-marks");
    for (const [index, segment] of this.segments.all.entries()) {
      const spans = (this.inSegment.get(index) ?? []).map(({ span }) => span).filter((span) => this.shows?.(span) ?? true);
      const now = signature(spans, this.data);
      // What the server drew is drawn anew too, once.
      if (now === (this.drawn.get(index) ?? (labels ? null : ""))) continue;
      this.drawn.set(index, now);
      drawMarks(segment, spans, this.data, labels);
    }
    this.painted = [0, this.segments.all.length];
  }

  /** The text is whole again, and painted. */
  #takeMarksAway() {
    this.onPaper = this.marked = false;
    for (const index of this.drawn.keys()) this.segments.all[index].node.textContent = this.segments.all[index].text;
    this.drawn.clear();
    this.all();
  }

  /** A printed page has no margin: under each paragraph, the codes that stand on it and whose they are. */
  #writeForPaper() {
    if (this.textNode.classList.contains("with-marks")) return; // the codes stand in its text
    const said = new Map();
    for (const span of this.data.spans) {
      if (!Drawing.counts(span) || !(this.shows?.(span) ?? true)) continue;
      for (const index of this.segmentsOf.get(span.id) ?? []) {
        if (!said.has(index)) said.set(index, new Map());
        const codes = said.get(index);
        if (!codes.has(span.code)) codes.set(span.code, new Set());
        const coder = this.data.coders[span.coder];
        const state = { open: ", suggested", accept: ", accepted" }[span.decision] ?? "";
        codes.get(span.code).add(`${coder.kind === "model" ? "model" : apart(coder.name)}${state}`);
      }
    }
    for (const [index, codes] of said) {
      const line = document.createElement("p");
      line.className = "paper";
      line.textContent = [...codes].map(([code, who]) => `${this.data.codes[code].label} (${[...who].join("; ")})`).join(" · ");
      this.segments.all[index].node.after(line);
    }
  }

  #moved() {
    const [from, until] = this.segments.around(innerHeight / 2);
    if (from < this.painted[0] || until > this.painted[1]) this.paint();
  }

  /** One span is new or has changed. */
  change(span) {
    this.#drop(span.id);
    this.#take(span);
    if (this.labels.change(span)) this.paint();
    else this.layout();
  }

  /** A span is not there any more; `layout` follows. */
  gone(id) {
    this.#drop(id);
  }

  /** Where a span stands on the page: top and bottom in pixels from the top of the text. */
  extent(id) {
    const span = this.data.spans.find((one) => one.id === id);
    return this.#extent(span ? this.#rangesOf(span) : []);
  }

  /** As `extent`, of any stretch of the text. */
  extentOf(start, end) {
    return this.#extent(this.segments.ranges(start, end));
  }

  #extent(ranges) {
    if (!ranges.length) return null;
    const origin = this.textNode.getBoundingClientRect().top;
    const first = this.segments.box(ranges[0]);
    const last = ranges.length === 1 ? first : this.segments.box(ranges.at(-1));
    return { top: first.top - origin, bottom: last.bottom - origin };
  }

  /** Place labels and boxes anew: the window or what is shown has changed. */
  layout() {
    const origin = this.textNode.getBoundingClientRect().top;
    this.labels.lay(
      this.data.spans.filter((span) => this.shows?.(span) ?? true),
      (span) => {
        const [range] = this.#rangesOf(span);
        return range ? this.segments.beginning(range).top - origin + 3 : 0;
      },
    );
    for (const [name, { place }] of this.stretches) this.show(name, place);
    this.paint();
  }

  /** Mark one span as the current one. */
  setCurrent(span) {
    this.current = span?.id;
    this.show("current", span ? [span.start, span.end] : null);
    this.labels.setCurrent(this.current);
  }

  /** Mark one stretch under a name of its own (`current`, `draft`), or nothing. By boxes behind the
   *  words: whenever a highlight changes, the browser looks at all highlights of the page again. */
  show(name, place) {
    if (!this.stretches.has(name)) {
      const layer = document.createElement("div");
      layer.className = `stretch ${name}`;
      layer.ariaHidden = "true";
      this.textNode.append(layer);
      this.stretches.set(name, { layer, place: null });
    }
    const stretch = this.stretches.get(name);
    stretch.place = place;
    const boxes = place ? this.segments.ranges(...place).flatMap((range) => this.segments.lines(range)) : [];
    const origin = boxes.length ? this.textNode.getBoundingClientRect() : null;
    stretch.layer.replaceChildren(...boxes.map((box) => {
      const made = document.createElement("div");
      made.style.cssText = `left:${box.left - origin.left}px;top:${box.top - origin.top}px;width:${box.width}px;height:${box.height}px`;
      return made;
    }));
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
