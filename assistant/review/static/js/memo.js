// The memo dialogue. What is half written is kept for this window, passage by passage, until it is
// stored: neither Escape nor a reload loses a thought.

import { say } from "./frame.js";
import { remember, remembered } from "./working.js";

const KEPT = "memos-begun";
const keyOf = (place, old) => (old ? `memo-${old.id}` : place ? `${place.start}-${place.end}` : "transcript");
const short = (words, most) => (words.length > most ? `${words.slice(0, most - 2)}…` : words);

export class Memo {
  /** `dialog`: `<dialog id="memo">`; `quoteOf(place)`: the words of a place. */
  constructor(dialog, quoteOf) {
    this.dialog = dialog;
    this.quoteOf = quoteOf;
    this.about = dialog.querySelector("select");
    this.words = dialog.querySelector("textarea");
    this.quote = dialog.querySelector("[data-part=memo-quote]");
    this.others = dialog.querySelector("[data-part=memo-others]");
    this.title = dialog.querySelector("#memo-title");
    for (const field of [this.about, this.words]) field.addEventListener("input", () => this.#note());
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault(); // on a button it would be a click as well
      dialog.close("keep");
    });
    this.others.addEventListener("click", (event) => {
      const button = event.target.closest("[data-key]");
      const begun = button && remembered(KEPT, {})[button.dataset.key];
      if (begun) this.#show(begun.place, begun.old);
    });
    // It comes later, perhaps when a quick key has opened the next memo.
    dialog.addEventListener("close", () => { if (!dialog.open) this.#closed(); });
  }

  /** Write about `place` (`{start, end}`; null: about the whole transcript), or change the memo `old`.
   *  `keep(memo, place, stored, old)` sends it, and calls `stored` when that is done. */
  open(place, keep, old = null) {
    this.#closed();
    this.keep = keep;
    this.writing = true;
    this.dialog.returnValue = "";
    this.#show(place, old);
    this.dialog.showModal();
    this.words.focus();
  }

  #show(place, old = null) {
    const begun = remembered(KEPT, {});
    const here = keyOf(place, old);
    this.place = place;
    this.old = old && { id: old.id, about: old.about, text: old.text };
    this.title.textContent = old ? "Change the memo" : "Memo";
    this.about.disabled = Boolean(old);
    this.quote.textContent = place ? short(this.quoteOf(place), 200) : "";
    this.about.value = old?.about ?? begun[here]?.about ?? (place ? "passage" : "transcript");
    this.words.value = begun[here]?.text ?? old?.text ?? "";
    const others = Object.entries(begun).filter(([key]) => key !== here);
    this.others.hidden = !others.length;
    this.others.replaceChildren("Begun and not kept yet: ", ...others.map(([key, one]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet small";
      button.dataset.key = key;
      button.textContent = `“${short(one.text, 40)}”`;
      return button;
    }));
    this.words.focus();
  }

  #note() {
    const begun = remembered(KEPT, {});
    const { place, old } = this;
    const text = this.words.value;
    if (text.trim() && text !== old?.text) begun[keyOf(place, old)] = { place, old, about: this.about.value, text };
    else delete begun[keyOf(place, old)];
    remember(KEPT, begun);
  }

  /** What was written is sent, or said to be there still: once. */
  #closed() {
    if (!this.writing) return;
    this.writing = false;
    const { place, old } = this;
    const memo = { about: this.about.value, text: this.words.value };
    if (old && memo.text === old.text) return;
    if (this.dialog.returnValue !== "keep") {
      if (memo.text.trim()) say(`Not kept yet, and not lost: ${old ? "“change”" : "m on the same passage"} brings back what you wrote.`);
      return;
    }
    this.keep(memo, memo.about === "transcript" ? {} : place ?? {}, () => {
      const begun = remembered(KEPT, {});
      if (begun[keyOf(place, old)]?.text === memo.text) delete begun[keyOf(place, old)];
      remember(KEPT, begun);
    }, old);
  }
}
