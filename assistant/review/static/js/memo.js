// The memo dialogue. What is half written is kept for this window, passage by passage, until it is
// stored: neither Escape nor a reload loses a thought.

import { say } from "./frame.js";
import { remember, remembered } from "./working.js";

const KEPT = "memos-begun";
const keyOf = (place) => (place ? `${place.start}-${place.end}` : "transcript");
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
    for (const field of [this.about, this.words]) field.addEventListener("input", () => this.#note());
    this.words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.close("keep");
    });
    this.others.addEventListener("click", (event) => {
      const button = event.target.closest("[data-key]");
      if (button) this.#show(remembered(KEPT, {})[button.dataset.key].place);
    });
    dialog.addEventListener("close", () => this.#closed());
  }

  /** Write about `place` (`{start, end}`; null: about the whole transcript). `keep(memo, place, stored)`
   *  sends it, and calls `stored` when that is done. */
  open(place, keep) {
    this.keep = keep;
    this.dialog.returnValue = "";
    this.#show(place);
    this.dialog.showModal();
    this.words.focus();
  }

  #show(place) {
    const begun = remembered(KEPT, {});
    const here = keyOf(place);
    this.place = place;
    this.quote.textContent = place ? short(this.quoteOf(place), 200) : "";
    this.about.value = begun[here]?.about ?? (place ? "passage" : "transcript");
    this.words.value = begun[here]?.text ?? "";
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
    if (this.words.value.trim()) begun[keyOf(this.place)] = { place: this.place, about: this.about.value, text: this.words.value };
    else delete begun[keyOf(this.place)];
    remember(KEPT, begun);
  }

  #closed() {
    const { place } = this;
    const memo = { about: this.about.value, text: this.words.value };
    if (this.dialog.returnValue !== "keep") {
      if (memo.text.trim()) say("Not kept yet, and not lost: m on the same passage brings back what you wrote.");
      return;
    }
    this.keep(memo, memo.about === "transcript" ? {} : place ?? {}, () => {
      const begun = remembered(KEPT, {});
      if (begun[keyOf(place)]?.text === memo.text) delete begun[keyOf(place)];
      remember(KEPT, begun);
    });
  }
}
