// The text cut into <mark>s, where the browser cannot paint ranges of plain text, or where the page was
// asked for with marks. Elsewhere the text is never cut (`paint.js`).

import { toUnits } from "./points.js";

/** Redraw one segment with `spans`, those of it that are painted. Where several coders marked the same
 *  words, marks stand in one another, so that each has her own line. With `labels`, a mark that ends
 *  says whose it is and which code (for print). */
export function drawMarks(segment, spans, data, labels) {
  const { node, text, start, end } = segment;
  const borders = new Set([start, end]);
  for (const span of spans) for (const point of [span.start, span.end]) if (point > start && point < end) borders.add(point);
  const sorted = [...borders].sort((a, b) => a - b);
  node.replaceChildren(...sorted.slice(1).map((until, index) => {
    const from = sorted[index];
    const words = document.createTextNode(text.slice(toUnits(text, from - start), toUnits(text, until - start)));
    const here = spans.filter((span) => span.start <= from && span.end >= until);
    if (!here.length) return words;
    const looks = [...new Set(here.map((span) => lookOf(span, data)))];
    const outer = looks.reduceRight((inside, look) => {
      const mark = document.createElement("mark");
      mark.className = look;
      mark.append(inside);
      return mark;
    }, words);
    outer.dataset.spans = here.map((span) => span.id).join(" ");
    if (labels) {
      const ended = here.filter((span) => span.end === until || (until === end && span.end > end));
      outer.dataset.labels = ended.map((span) => `[${data.coders[span.coder].mark}: ${data.codes[span.code].label}]`).join("");
    }
    return outer;
  }));
}

/** What a segment's marks depend on: they are drawn again when it changes. */
export function signature(spans, data) {
  return spans.map((span) => `${span.id} ${span.code} ${lookOf(span, data)} ${span.start} ${span.end}`).join("|");
}

function lookOf(span, data) {
  return `look-${data.coders[span.coder].look}${span.decision === "accept" ? " accepted" : ""}`;
}
