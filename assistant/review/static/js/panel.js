// The panel beside the text: the passage under the cursor. The passage and the code come first; the
// model's reasons and the evidence only on a key, or after deciding.

import { ask, say } from "./frame.js";
import { SIGNS, apart, look, outcome, small } from "./words.js";
import { remember, remembered } from "./working.js";

/** A part of a page, made and escaped by our own templates; or in words why there is none. */
async function partOf(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const text = await answer.text();
  if (answer.ok) return { into: (node) => { node.innerHTML = text; } };
  let words = "This cannot be shown.";
  try {
    const { what, hint } = JSON.parse(text).error;
    words = [what, hint].filter(Boolean).join(" ");
  } catch { /* no JSON: the program was ended, or started again */ }
  return { into: (node) => { node.textContent = words; } };
}

export class Panel {
  constructor(node, data, act) {
    this.node = node;
    this.data = data;
    this.act = act;
    this.part = (name) => node.querySelector(`[data-part="${name}"]`);
    this.goOn = node.querySelector("#go-on");
    this.goOn.checked = localStorage.getItem("go-on") === "yes";
    this.goOn.addEventListener("change", () => localStorage.setItem("go-on", this.goOn.checked ? "yes" : "no"));
    node.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button) act(button.dataset.act, button.dataset.detail);
    });
    const reason = this.part("reason");
    reason.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = reason.elements.reason.value.trim();
      this.#hideReason();
      this.onReason?.(given);
    });
    reason.addEventListener("input", () => remember(`reason:${this.reasonFor}`, reason.elements.reason.value || null));
    reason.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#hideReason();
    });
    this.dialog = document.getElementById("bulk");
    this.dialog.addEventListener("click", (event) => this.#bulkClick(event));
  }

  get goesOn() {
    return this.goOn.checked;
  }

  /** Whether she writes a reason. */
  get asksReason() {
    return !this.part("reason").hidden;
  }

  show(span, { place, of, what, open, onward, draft, quote, here, memos, elsewhere }) {
    const { data } = this;
    const suggestion = Boolean(span?.decision);
    this.node.classList.toggle("nothing", !span);
    const several = `${of} ${what}${of === 1 ? "" : "s"} in this list`;
    this.part("where").textContent = span
      ? `${place ? `${place} of ${of}` : several}${data.run ? ` · ${open} open` : ""}`
      : of ? several : "";
    this.#onward(open, onward);
    this.part("empty").hidden = Boolean(span) || Boolean(draft);
    this.part("marked").hidden = Boolean(span) || !draft;
    if (!span && draft) this.part("marked-text").textContent = quote;
    this.#elsewhere(elsewhere);
    this.part("full").hidden = !span;
    if (!span) return;
    const code = data.codes[span.code];
    const coder = data.coders[span.coder];
    this.part("code").textContent = code.label;
    this.part("definition").textContent = code.definition || (code.known ? "This code has no definition yet." : "The codebook does not have this code.");
    this.part("definition").classList.toggle("muted", !code.definition);
    for (const name of ["include", "exclude"]) {
      this.part(name).hidden = !code[name];
      this.part(name).querySelector("span").textContent = code[name];
    }
    const mark = this.part("mark");
    mark.className = `mk look-${coder.look}`;
    mark.textContent = coder.mark;
    this.part("coder").textContent = suggestion ? "suggested by the model" : `coded by ${apart(coder.name)}`;
    this.part("coder").title = apart(coder.name);
    const state = this.part("state");
    state.className = `state is-${span.decision ? look(span, data) : "own"}`;
    state.textContent = suggestion
      ? outcome(span, data) + (span.decision !== "open" && span.by ? ` by ${span.by === data.who ? "you" : apart(span.by)}, ${time(span.at)}${span.bulk ? " (in bulk)" : ""}` : "") + (span.reason && span.decision !== "open" ? `: “${span.reason}”` : "")
      : span.mine ? "Added by you here" : coder.exposure ? exposureWords(coder.exposure) : "";
    this.part("draft").hidden = !draft;
    if (draft) this.part("draft-text").textContent = quote;
    this.part("decide").hidden = !suggestion;
    this.part("decide").classList.toggle("is-decided", suggestion && span.decision !== "open" && !draft);
    this.part("mine").hidden = !span.mine;
    this.part("undo").hidden = !suggestion || span.decision === "open";
    // Here and not with the evidence: when it counts no more is when one wants to undo.
    this.part("undo-all").hidden = !span.bulk || span.decision === "open";
    this.part("accept-words").textContent = draft ? "Accept as adjusted" : "Accept";
    this.#alsoHere(here);
    this.part("memos").replaceChildren(...memos.map((memo) => this.#memo(memo)));
    if (this.shown !== span.id) {
      this.shown = span.id;
      cancelAnimationFrame(this.toTop);
      this.toTop = requestAnimationFrame(() => this.#top());
      this.#hideReason();
      this.part("why").replaceChildren();
      this.part("near").replaceChildren();
      this.part("why-button").hidden = !suggestion;
      this.part("why-button").setAttribute("aria-expanded", "false");
    }
  }

  /** Where to go on, once everything here is decided. */
  #onward(open, onward) {
    const done = Boolean(this.data.run) && open === 0 && this.data.spans.some((span) => span.decision);
    this.part("onward").hidden = !done;
    if (!done) return;
    const link = document.createElement("a");
    link.href = onward ? onward.href : "/";
    link.textContent = onward ? `Next: ${apart(onward.name)} (${onward.open} open)` : "To the study";
    this.part("onward").replaceChildren(`Everything in this transcript is decided. ${onward ? "" : "So is every other one of this run. "}`, link);
  }

  #memo(memo) {
    const item = document.createElement("li");
    const words = document.createElement("p");
    words.textContent = memo.text || "Something is here, but no code fits.";
    const by = document.createElement("p");
    by.className = "small muted";
    const about = { transcript: ", on the whole transcript", "no-code-fits": ", no code fits" }[memo.about] ?? "";
    const changed = memo.replaces_id ? "changed " : "";
    by.append(`${apart(memo.who)}, ${changed}${new Date(memo.at).toLocaleDateString()}${about} `);
    if (memo.who === this.data.who) {
      for (const [act, label] of [["change-memo", "change"], ["forget-memo", "take away"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quiet small";
        button.dataset.act = act;
        button.dataset.detail = memo.id;
        button.textContent = label;
        by.append(button);
      }
    }
    item.append(words, by);
    return item;
  }

  /** What models of another study said here. Their reasons are closed: the passage is read first. */
  #elsewhere(said) {
    this.part("elsewhere-part").hidden = !said.length;
    const now = JSON.stringify(said);
    if (this.saidElsewhere === now) return; // what was opened stays open
    this.saidElsewhere = now;
    this.part("elsewhere").replaceChildren(...said.map(({ coder, label, note }) => {
      const item = document.createElement("li");
      const words = document.createElement(note ? "summary" : "span");
      words.textContent = `${apart(label)}, by ${apart(coder)}`;
      if (!note) {
        item.append(words);
        return item;
      }
      const more = document.createElement("details");
      const text = document.createElement("p");
      text.className = "small note";
      text.textContent = note;
      more.append(words, text);
      item.append(more);
      return item;
    }));
  }

  /** What else stands on these words, a line for each code. */
  #alsoHere(here) {
    const byCode = Map.groupBy(here.toSorted((a, b) => a.coder - b.coder), (span) => span.code);
    this.part("also").replaceChildren(...[...byCode].slice(0, 8).map(([code, spans]) => {
      const item = document.createElement("li");
      for (const span of spans) {
        const coder = this.data.coders[span.coder];
        const decided = span.decision && look(span, this.data);
        const mark = document.createElement("button");
        mark.type = "button";
        mark.className = `mk look-${coder.look}${decided ? ` is-${decided}` : ""}`;
        mark.dataset.act = "go";
        mark.dataset.detail = span.id;
        mark.textContent = coder.mark + (SIGNS[decided] ?? "");
        mark.title = `${apart(coder.name)}: ${this.data.codes[code].label}${SIGNS[decided] ? `, ${small(outcome(span, this.data))}` : ""}`;
        mark.setAttribute("aria-label", mark.title);
        item.append(mark);
      }
      const words = document.createElement("span");
      words.className = "tx";
      words.textContent = this.data.codes[code].label;
      item.append(words);
      return item;
    }));
    this.part("also-head").hidden = !here.length;
  }

  /** Show or hide the model's reasons and the evidence. */
  async evidence(span, always = false) {
    const button = this.part("why-button");
    if (button.getAttribute("aria-expanded") === "true" && !always) {
      button.setAttribute("aria-expanded", "false");
      this.part("why").replaceChildren();
      this.part("near").replaceChildren();
      return;
    }
    button.setAttribute("aria-expanded", "true");
    this.#top();
    const number = span.id.slice(1);
    const kind = span.id.startsWith("p") ? "checks" : "suggestions";
    // Who has gone on meanwhile reads another passage, whose panel stays as it is.
    if (!await this.#load(span, "why", `/${kind}/${number}/why`)) return;
    const box = this.node.getBoundingClientRect();
    const from = button.getBoundingClientRect();
    if (from.top > box.top + box.height * 0.45) this.node.scrollBy({ top: from.top - box.top - box.height * 0.3 });
    this.#uncut();
    if (!this.data.codes[span.code].id) return; // a check that asks whether a code is missing
    if (await this.#load(span, "near", `/${kind}/${number}/similar`)) this.#uncut();
  }

  /** Another passage is read from the top: with the next frame, or before what is asked for scrolls. */
  #top() {
    if (!this.toTop) return;
    cancelAnimationFrame(this.toTop);
    this.toTop = 0;
    this.node.scrollTo({ top: 0 });
  }

  /** The row with Accept stays where it is while the panel is scrolled: it must not cut the row below
   *  it into halves, nor the panel's upper border the line above. */
  #uncut() {
    const top = this.node.getBoundingClientRect().top + 4;
    for (const name of ["code", "coder", "definition", "include", "exclude", "state"]) {
      const line = this.part(name).getBoundingClientRect();
      if (line.top < top && line.bottom > top) this.node.scrollBy({ top: line.top - top - 6 });
    }
    const row = this.part("decide").getBoundingClientRect();
    if (!row.height) return;
    for (const node of this.node.querySelectorAll(".moves, .also-head, .also-list li, .memos li, .why-button")) {
      const line = node.getBoundingClientRect();
      if (line.top < row.bottom && line.bottom > row.bottom) this.node.scrollBy({ top: line.top - row.bottom - 2 });
    }
  }

  async #load(span, part, path) {
    const found = await partOf(path + (this.data.anyway ? "?anyway=1" : ""));
    if (this.shown !== span.id || this.part("why-button").getAttribute("aria-expanded") !== "true") return false;
    found.into(this.part(part));
    return true;
  }

  /** Ask why a suggestion is rejected. What was begun before is there again. */
  askReason(span, then) {
    this.onReason = then;
    this.reasonFor = span?.id;
    const form = this.part("reason");
    form.hidden = false;
    form.elements.reason.value = remembered(`reason:${this.reasonFor}`, "");
    form.elements.reason.focus();
  }

  /** It is stored. */
  forgetReason(id) {
    remember(`reason:${id}`, null);
  }

  #hideReason() {
    const form = this.part("reason");
    if (form.contains(document.activeElement)) document.activeElement.blur();
    form.hidden = true;
  }

  async bulk(span, code) {
    const found = await partOf(`/bulk?run=${this.data.run}&code=${encodeURIComponent(code)}${this.data.anyway ? "&anyway=1" : ""}`);
    found.into(this.dialog.querySelector("[data-part=bulk]"));
    this.dialog.showModal();
  }

  async #bulkClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.close !== undefined) return this.dialog.close();
    try {
      if (button.dataset.bulk) {
        const made = await ask(`/bulk${this.data.anyway ? "?anyway=1" : ""}`, { run: this.data.run, code: button.dataset.bulk });
        say(`${made.accepted} accepted at once.`);
      } else if (button.dataset.undoBulk) {
        const made = await ask(`/bulk/${button.dataset.undoBulk}/undo`, {});
        say(`${made.opened} are open again.`);
      } else return;
      this.dialog.close();
      this.act("refresh");
    } catch (error) {
      say(error.message, { error: true });
    }
  }
}

function exposureWords(exposure) {
  return {
    independent: "Coded without seeing other codes, as the study states",
    blind: "Coded without seeing other codes, as recorded here",
    "after-model": "Coded after seeing the model's codes",
    adjudicated: "Made from other people's codes",
    unknown: "What this person had seen is not known",
  }[exposure] ?? "";
}

function time(at) {
  const when = new Date(at);
  const today = new Date().toDateString() === when.toDateString();
  return today ? `at ${when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}` : `on ${when.toLocaleDateString()}`;
}
