// Deciding on a disagreement by keyboard. What is half written is kept for this window until it is
// stored: going to the next one loses nothing.

import { say } from "./frame.js";
import { remember, remembered } from "./working.js";

const note = document.getElementById("note");
const begun = remembered("note", null);
// Stored, when the page shows what was sent.
if (begun !== null && begun.trim() === note.value.trim()) remember("note", null);
else if (begun !== null) note.value = begun;
else if (note.value !== note.defaultValue) remember("note", note.value); // typed before this script was there
note.addEventListener("input", () => remember("note", note.value));

const rule = document.getElementById("rule-text");
const came = performance.getEntriesByType("navigation")[0]?.type;
// Sent, and not come back from a page that says what was wrong with it.
if (remembered("rule-sent", false) && came !== "back_forward") remember("rule", null);
remember("rule-sent", null);
rule.value = remembered("rule", rule.value);
if (rule.value) {
  remember("rule", rule.value);
  rule.closest("details").open = true;
}
rule.addEventListener("input", () => remember("rule", rule.value || null));
rule.form.addEventListener("submit", () => remember("rule-sent", true));

const form = document.querySelector(".judge");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.documentElement.dataset.sending) return; // leaving now might stop what is being stored
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "j" || event.key === "k") {
    const link = document.querySelector(event.key === "j" ? "a[rel=next]" : "a[rel=prev]");
    if (link) location.assign(link.href);
    return;
  }
  if (event.key === "J" || event.key === "K") {
    const link = document.getElementById(event.key === "J" ? "passage-after" : "passage-before");
    if (link) location.assign(link.href);
    return;
  }
  if (event.key === "s") {
    form.elements.slip.click();
    return;
  }
  // It undoes on the other pages, so nothing may be stored by it here.
  if (event.key === "u") return say("Nothing is undone here. Decide once more, and your newer word takes the place of the older one, which stays on record. (The codebook is unclear: c.)");
  const button = form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    form.requestSubmit(button);
  }
});
document.documentElement.dataset.ready = "true";
