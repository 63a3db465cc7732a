// Coding an audit's sample by keyboard: type to filter, Enter ticks the first match, one by its name before
// one whose definition has the letters; Enter on the empty field stores what is ticked. Nothing is ticked
// that nobody typed or chose.

import { say } from "./frame.js";

const filter = document.getElementById("filter");
const form = document.getElementById("sampled");
const ticked = () => [...document.querySelectorAll(".pick input:checked")];

// What counts and what does not names other codes: it is there to be read, not to be found by.
const has = (one, part, typed) => one.querySelector(part).textContent.toLowerCase().includes(typed);

filter?.addEventListener("input", () => {
  const typed = filter.value.trim().toLowerCase();
  for (const one of document.querySelectorAll(".pick")) {
    const fits = [".name", ".defined"].some((part) => has(one, part, typed));
    one.hidden = !fits && !one.querySelector("input").checked;
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
  const left = [...document.querySelectorAll(".pick:not([hidden])")].filter((one) => !one.querySelector("input").checked);
  if (!left.length) return say("No further code has these letters.");
  const typed = filter.value.trim().toLowerCase();
  const first = (left.find((one) => has(one, ".name", typed)) ?? left[0]).querySelector("input");
  first.checked = true;
  filter.value = "";
  filter.dispatchEvent(new Event("input"));
  first.scrollIntoView({ block: "nearest" });
  say(`Ticked: ${first.closest(".pick").querySelector(".name").textContent}. Enter stores.`);
});
filter?.focus({ preventScroll: true });
if (filter?.value) filter.dispatchEvent(new Event("input")); // typed before this script was there
