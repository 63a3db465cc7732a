// Small helpers of the pages on which one works with a text.

/** Seconds spent on one thing, without the time in which the page was hidden. */
export class Clock {
  constructor() {
    this.start();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.hiddenSince = performance.now();
      else if (this.hiddenSince) {
        this.begun += performance.now() - this.hiddenSince;
        this.hiddenSince = 0;
      }
    });
  }

  start() {
    this.begun = performance.now();
    this.hiddenSince = document.hidden ? this.begun : 0;
  }

  seconds() {
    return Math.round(Math.max(0, performance.now() - this.begun) / 10) / 100;
  }
}

const NO_LETTERS = ["checkbox", "radio", "button", "submit", "reset", "range", "color", "file", "image"];

/** Whether keys belong to a field: one that takes letters, not a box to tick. */
export function isTyping(target) {
  const field = target instanceof Element ? target.closest("input, textarea, select, [contenteditable]") : null;
  return field !== null && !(field instanceof HTMLInputElement && NO_LETTERS.includes(field.type));
}

/** What a page keeps for this window; a reload finds it again. Null: nothing any more. */
export function remember(name, value) {
  if (value === null) sessionStorage.removeItem(`${location.pathname}:${name}`);
  else sessionStorage.setItem(`${location.pathname}:${name}`, JSON.stringify(value));
}

export function remembered(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(`${location.pathname}:${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** The button that appears beside a selection. It remembers what was selected, since a click on it
 *  may take the selection away. */
export class Floating {
  constructor(node, segments, onUse) {
    this.node = node;
    this.segments = segments;
    this.last = null;
    document.addEventListener("selectionchange", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#look(), 120);
    });
    node.addEventListener("pointerdown", (event) => event.preventDefault());
    node.addEventListener("click", () => {
      this.used = true;
      onUse();
      this.used = false;
    });
  }

  #look() {
    const found = this.segments.selected();
    if (!found) return this.hide();
    this.last = found;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    this.node.hidden = false;
    this.node.style.top = `${box.bottom + scrollY + 6}px`;
    this.node.style.left = `${Math.min(box.left + scrollX, innerWidth - 190)}px`;
  }

  hide() {
    this.last = null;
    this.node.hidden = true;
  }

  /** What is selected; for a click on the button, what was selected. A key is never about words that
   *  are not selected any more, of which the browser tells later. */
  selection() {
    return this.segments.selected() ?? (this.used ? this.last : null);
  }
}
