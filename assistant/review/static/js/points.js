// Positions. Python counts code points, the browser counts UTF-16 units: this is the only place
// that knows both. A segment is one <p class="seg" data-start="…"> whose text is plain.

const PAIRS = /[\ud800-\udfff]/;

/** How many code points the first `units` UTF-16 units of `text` are. */
export function toPoints(text, units) {
  if (!PAIRS.test(text)) return units;
  let points = 0;
  for (let at = 0; at < units; points++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return points;
}

/** How many UTF-16 units the first `points` code points of `text` are. */
export function toUnits(text, points) {
  if (!PAIRS.test(text)) return points;
  let at = 0;
  for (let n = 0; n < points && at < text.length; n++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The segments of a page, in order, with their texts: `[start, end)` in code points. */
export class Segments {
  constructor(root) {
    this.all = [...root.querySelectorAll(".seg")].map((node) => {
      const text = node.textContent;
      const start = Number(node.dataset.start);
      return { node, text, start, end: start + toPoints(text, text.length), number: Number(node.dataset.n) };
    });
    this.byNode = new Map(this.all.map((one, index) => [one.node, index]));
  }

  /** Index of the last segment that starts at or before `point`. */
  indexAt(point) {
    let low = 0;
    let high = this.all.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.all[middle].start <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The text node and its offset for `units` within a segment's node. Between two text nodes, what
   *  begins there is at the beginning of the second. */
  #place(node, units, begins) {
    const first = node.firstChild;
    if (first === node.lastChild && first?.nodeType === Node.TEXT_NODE) return [first, units];
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let last = null;
    while (walker.nextNode()) {
      last = walker.currentNode;
      if (begins ? units < last.length : units <= last.length) return [last, units];
      units -= last.length;
    }
    return last ? [last, last.length] : [node, 0];
  }

  /** Places in the DOM of `[start, end)`, one for each segment that it touches. They are static:
   *  a live range would be looked at again at every change of the page. */
  ranges(start, end) {
    const found = [];
    for (let index = this.indexAt(start); index < this.all.length; index++) {
      const segment = this.all[index];
      if (segment.start >= end) break;
      const first = Math.max(start, segment.start) - segment.start;
      const last = Math.min(end, segment.end) - segment.start;
      if (last <= first) continue;
      const [startContainer, startOffset] = this.#place(segment.node, toUnits(segment.text, first), true);
      const [endContainer, endOffset] = this.#place(segment.node, toUnits(segment.text, last), false);
      found.push(new StaticRange({ startContainer, startOffset, endContainer, endOffset }));
    }
    return found;
  }

  /** The index of the segment in which a range of `ranges` stands. */
  indexOf(range) {
    return this.byNode.get(range.startContainer.parentElement.closest(".seg"));
  }

  /** `[from, until)`: the segments in the window and `pixels` above and below it. */
  around(pixels) {
    const firstWith = (test) => {
      let low = 0;
      let high = this.all.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (test(this.all[middle].node.getBoundingClientRect())) high = middle;
        else low = middle + 1;
      }
      return low;
    };
    return [firstWith((box) => box.bottom > -pixels), firstWith((box) => box.top > innerHeight + pixels)];
  }

  /** Where a static range stands in the window. */
  box(range) {
    this.ruler ??= new Range();
    this.ruler.setStart(range.startContainer, range.startOffset);
    this.ruler.setEnd(range.endContainer, range.endOffset);
    return this.ruler.getBoundingClientRect();
  }

  /** Where each line of a static range stands in the window. */
  lines(range) {
    this.ruler ??= new Range();
    this.ruler.setStart(range.startContainer, range.startOffset);
    this.ruler.setEnd(range.endContainer, range.endOffset);
    return [...this.ruler.getClientRects()].filter((box) => box.width > 0);
  }

  /** Where the first letter of a static range stands; quicker than the whole. */
  beginning(range) {
    this.ruler ??= new Range();
    this.ruler.setStart(range.startContainer, range.startOffset);
    this.ruler.setEnd(range.startContainer, Math.min(range.startOffset + 1, range.startContainer.length));
    return this.ruler.getBoundingClientRect();
  }

  /** The code point at a place in the DOM; null outside the segments. */
  pointAt(node, offset) {
    const home = (node instanceof Element ? node : node.parentElement)?.closest(".seg");
    const index = this.byNode.get(home);
    return index === undefined ? null : this.#pointIn(this.all[index], node, offset);
  }

  #pointIn(segment, container, offset) {
    const until = new Range();
    until.setStart(segment.node, 0);
    until.setEnd(container, offset);
    return segment.start + toPoints(segment.text, until.toString().length);
  }

  /** What is selected as `{start, end}`; null when nothing of the transcript is. */
  selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const touched = this.all.filter((one) => range.intersectsNode(one.node));
    if (!touched.length) return null;
    const first = touched[0];
    const last = touched.at(-1);
    const start = first.node.contains(range.startContainer)
      ? this.#pointIn(first, range.startContainer, range.startOffset)
      : first.start;
    const end = last.node.contains(range.endContainer)
      ? this.#pointIn(last, range.endContainer, range.endOffset)
      : last.end;
    return this.text(start, end).trim() ? { start, end } : null;
  }

  /** The words of `[start, end)`, segments apart. */
  text(start, end) {
    const parts = [];
    for (let index = this.indexAt(start); index < this.all.length; index++) {
      const { text, start: from, end: until } = this.all[index];
      if (from >= end) break;
      if (until <= start) continue;
      parts.push(text.slice(toUnits(text, Math.max(0, start - from)), toUnits(text, Math.min(end, until) - from)));
    }
    return parts.join("\n");
  }

  /** `[start, end)` of every word of a segment; where there are no spaces, by the language. */
  words(index) {
    const segment = this.all[index];
    segment.words ??= wordsOf(segment.text, segment.node.lang || document.documentElement.lang).map(
      ([a, b]) => [segment.start + toPoints(segment.text, a), segment.start + toPoints(segment.text, b)],
    );
    return segment.words;
  }

  /** `[start, end)` of every sentence of the text, in order; the end of a line ends none. */
  sentences() {
    this.ends ??= this.all.flatMap((segment) => {
      const language = segment.node.closest("[lang]")?.lang || undefined;
      return [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(segment.text.replace(/[\r\n]/g, " "))]
        .map(({ segment: words, index }) => [index + words.length - words.trimStart().length, index + words.trimEnd().length])
        .filter(([first, last]) => first < last)
        .map(([first, last]) => [segment.start + toPoints(segment.text, first), segment.start + toPoints(segment.text, last)]);
    });
    return this.ends;
  }

  /** The first word end after `point`, or `point` at the end of the text. */
  endAfter(point) {
    for (let index = this.indexAt(point); index < this.all.length; index++) {
      const found = this.words(index).find(([, end]) => end > point);
      if (found) return found[1];
    }
    return point;
  }

  endBefore(point) {
    for (let index = this.indexAt(point); index >= 0; index--) {
      const found = this.words(index).findLast(([, end]) => end < point);
      if (found) return found[1];
    }
    return point;
  }

  startBefore(point) {
    for (let index = this.indexAt(point); index >= 0; index--) {
      const found = this.words(index).findLast(([start]) => start < point);
      if (found) return found[0];
    }
    return point;
  }

  startAfter(point) {
    for (let index = this.indexAt(point); index < this.all.length; index++) {
      const found = this.words(index).find(([start]) => start > point);
      if (found) return found[0];
    }
    return point;
  }
}

const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/;

function wordsOf(text, language) {
  const found = [];
  for (const match of text.matchAll(/\S+/gu)) {
    if (!UNSPACED.test(match[0])) {
      found.push([match.index, match.index + match[0].length]);
      continue;
    }
    for (const part of new Intl.Segmenter(language || undefined, { granularity: "word" }).segment(match[0])) {
      found.push([match.index + part.index, match.index + part.index + part.segment.length]);
    }
  }
  return found;
}
