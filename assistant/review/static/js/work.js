// A job under way: asks how far it is, and shows its end when it has come.
import { ask } from "./frame.js";

const work = document.getElementById("work");
const bar = document.getElementById("progress");
const text = document.getElementById("progress-text");
let said = 0;

async function look() {
  let now;
  try {
    now = await ask("/work/state");
  } catch (error) {
    text.textContent = error.message;
    return;
  }
  if (now.state !== "working" || String(now.number) !== work.dataset.number) {
    location.replace("/work");
    return;
  }
  if (now.of) bar.value = now.share;
  // A screen reader is told now and then, not with every call.
  const words = `${now.stopping ? "Stopping. " : ""}${now.done}${now.of ? ` of ${now.of}` : ""} ${now.remark}`;
  if (Date.now() - said > 1500) {
    text.textContent = words;
    said = Date.now();
  }
  setTimeout(look, 500);
}

if (work) setTimeout(look, 300);
