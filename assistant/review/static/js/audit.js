// Coding an audit's sample by keyboard: type to filter, Enter ticks the first match, Enter on the empty
// field stores what is ticked. Nothing is ticked that nobody typed or chose.

import { say } from "./frame.js";

const filter = document.getElementById("filter");
const form = document.getElementById("sampled");
const ticked = () => [...document.querySelectorAll(".pick input:checked")];

filter?.addEventListener("input", () => {
  const typed = filter.value.trim().toLowerCase();
  for (const one of document.querySelectorAll(".pick")) {
    one.hidden = !one.textContent.toLowerCase().includes(typed) && !one.querySelector("input").checked;
  }
});
filter?.addEventListener("keydown", (event) => {
  // A key that is held down is no word on the next passage, whose page may be there already.
  if (event.repeat && ["0", "Enter"].includes(event.key)) return event.preventDefault();
  if (event.key === "0" && !filter.value && !ticked().length) {
    event.preventDefault();
    form.requestSubmit(form.elements.nothing);
    return;
  }
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (!filter.value.trim()) {
    if (ticked().length) form.requestSubmit();
    else say("No code is ticked: type one, or press 0 where none applies.");
    return;
  }
  const first = document.querySelector(".pick:not([hidden]) input:not(:checked)");
  if (!first) return say("No further code has these letters.");
  first.checked = true;
  filter.value = "";
  filter.dispatchEvent(new Event("input"));
  first.scrollIntoView({ block: "nearest" });
  say(`Ticked: ${first.closest(".pick").querySelector("b").textContent}. Enter stores.`);
});
filter?.focus({ preventScroll: true });
if (filter?.value) filter.dispatchEvent(new Event("input")); // typed before this script was there
