// Choosing a code: type to filter, arrows and Enter, or a click.

/** A dialogue over `<dialog id="picker">`. `choose(codes, title, recent)` answers with the code, with
 *  `{name}` for a new one, or with null. It holds the focus itself: to open it as the browser's own
 *  modal dialogue makes the browser look at the whole transcript, which takes a tenth of a second.
 *  `inPlaceOf(node)`: what stands where a node was that had the focus and is not there any more. */
export class Picker {
  constructor(dialog, inPlaceOf = () => null) {
    this.inPlaceOf = inPlaceOf;
    this.dialog = dialog;
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.none = dialog.querySelector("[role=status]");
    this.title = dialog.querySelector("h2");
    this.input.addEventListener("input", () => this.#fill());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#answer(this.shown[[...this.list.children].indexOf(option)]);
    });
    const leave = dialog.querySelector("[data-close]");
    // Not on the event "close": it comes later, and would close what a quick key has opened again.
    leave.addEventListener("click", () => this.#answer(null));
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#answer(null);
      else if (event.key === "Tab") (document.activeElement === this.input ? leave : this.input).focus();
      else return;
      event.preventDefault();
    });
    document.addEventListener("pointerdown", (event) => {
      if (dialog.open && !dialog.contains(event.target)) this.#answer(null);
    });
    this.rows = new Map();
  }

  /** `instead`: the code that another is looked for in place of, which is not among `codes`. */
  choose(codes, title, { recent = [], canAdd = false, instead = null } = {}) {
    this.codes = codes;
    this.instead = instead;
    this.recent = recent;
    this.canAdd = canAdd;
    this.title.textContent = title;
    this.input.value = "";
    this.#fill();
    this.before = document.activeElement;
    this.dialog.show();
    this.input.focus({ preventScroll: true });
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  #answer(code) {
    const resolve = this.resolve;
    this.resolve = null;
    if (this.dialog.open) this.dialog.close();
    // Else the browser does it with its next picture, and takes a quick key for one that is typed.
    if (document.activeElement === this.input) this.input.blur();
    // Labels are made anew when somebody else decides meanwhile.
    const back = this.before?.isConnected ? this.before : this.before && this.inPlaceOf(this.before);
    if (resolve) back?.focus({ preventScroll: true });
    resolve?.(code ?? null);
  }

  #fill() {
    const typed = this.input.value.trim().toLowerCase();
    const words = typed.split(/[\s_-]+/).filter(Boolean);
    this.aliasOf = new Map();
    this.shown = this.codes
      .map((code, index) => ({ code, index, rank: typed ? this.#rank(code, typed, words) : this.#lately(code) }))
      .filter((one) => one.rank !== null)
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .map((one) => one.code);
    const written = this.input.value.trim();
    const found = this.shown.length;
    this.armed = false;
    if (this.canAdd && written && !this.codes.some((c) => [typedAs(c.label), c.id, ...(c.aliases ?? [])].some((name) => name.toLowerCase() === typed))) {
      this.shown.push({ name: written, label: `Add a new code “${written}”`, definition: "It is written into the codebook." });
    }
    this.list.replaceChildren(...this.shown.map((code) => this.#row(code)));
    const own = this.instead && typed && this.#rank(this.instead, typed, words) !== null;
    const none = own ? `“${this.instead.label}” is what was suggested; leave this, then a accepts it.` : "No code of the codebook has these letters.";
    this.none.textContent = found ? "" : none;
    // A new code is never what Enter takes by itself: a slip of the finger would change the codebook.
    this.active = found ? 0 : -1;
    this.#mark();
  }

  #lately(code) {
    return this.recent.includes(code.id) ? this.recent.indexOf(code.id) - 100 : 0;
  }

  /** How well a code fits what was typed, the smaller the better; null where it does not. Words may
   *  come in any order; an alias that fits is shown. */
  #rank(code, typed, words) {
    const name = typedAs(code.label).toLowerCase();
    if (name.startsWith(typed)) return 0;
    if (beginAll(name, words)) return 1;
    if (name.includes(typed) || code.id.toLowerCase().includes(typed)) return 2;
    if (words.every((word) => name.includes(word))) return 2;
    const alias = (code.aliases ?? []).find((one) => {
      const other = one.toLowerCase();
      return other.includes(typed) || beginAll(other, words);
    });
    if (alias) {
      this.aliasOf.set(code, alias);
      return 3;
    }
    const all = [name, code.id, ...(code.aliases ?? []), code.definition].join(" ").toLowerCase();
    return typed.length > 2 && words.every((word) => all.includes(word)) ? 4 : null;
  }

  /** The row of a code; made once. */
  #row(code) {
    if (code.name) return option(code, "new");
    if (!this.rows.has(code)) this.rows.set(code, option(code, this.rows.size));
    const row = this.rows.get(code);
    const alias = this.aliasOf.get(code);
    row.querySelector(".alias").textContent = alias ? ` also called “${alias}”` : "";
    return row;
  }

  #mark() {
    this.marked?.setAttribute("aria-selected", "false");
    const current = this.list.children[this.active];
    this.marked = current;
    current?.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", current?.id ?? "");
    current?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const last = this.shown.length - 1;
    if (event.key === "ArrowDown") this.active = Math.min(last, this.active + 1);
    else if (event.key === "ArrowUp") this.active = Math.min(last, Math.max(0, this.active - 1));
    else if (event.key === "Enter") {
      event.preventDefault();
      if (last < 0 || event.repeat) return;
      if (this.active < 0) this.active = 0;
      const chosen = this.shown[this.active];
      if (!chosen.name || this.armed) return this.#answer(chosen);
      this.#mark();
      this.armed = true;
      this.none.textContent = `Press Enter again to add a new code “${chosen.name}” to the codebook.`;
      return;
    } else return;
    event.preventDefault();
    this.armed = false;
    this.#mark();
  }
}

/** A label as one types it: without the signs that hold letters from right to left apart. */
const typedAs = (label) => label.replace(/[\u2068\u2069]/g, "");

/** Whether each typed word begins a word of a name. */
function beginAll(name, words) {
  const parts = name.split(/[\s_-]+/);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}

function option(code, n) {
  const made = document.createElement("li");
  made.id = `picker-${n}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = code.label;
  const alias = document.createElement("span");
  alias.className = "alias";
  const definition = document.createElement("span");
  definition.className = "definition";
  definition.textContent = code.definition;
  name.append(alias);
  made.append(name, definition);
  return made;
}
