// An editor with what the model would be sent beside it, and what changed. Nothing is sent. What is
// not saved yet is kept for this window, with the version that it began from.
import { ask, say } from "./frame.js";
import { remember, remembered } from "./working.js";

const form = document.getElementById("editor");
const text = document.getElementById("text");
const part = (name) => document.getElementById(`p-${name}`);
const began = text.defaultValue; // not its value: one may have typed before this script was there
let chunk = 1;
let chunks = 1;
let timer = 0;
let asked = 0;

function show(found) {
  const error = part("error");
  if (error) {
    error.hidden = !found.error;
    error.textContent = found.error ? [found.error.what, found.error.where, found.error.hint].filter(Boolean).join(" — ") : "";
  }
  if (found.error && !found.preview && error) {
    for (const name of ["tokens", "system", "user"]) part(name).textContent = "";
    part("where").textContent = "–";
  }
  if (found.preview) {
    const { request } = found.preview;
    chunk = found.preview.chunk;
    chunks = request.chunks;
    part("where").textContent = `${chunk} of ${chunks}`;
    const count = (n) => n.toLocaleString("en");
    const asked = request.prompt === "draft-to-look-at" ? "The prompt as it stands in the field." : `Prompt ${request.prompt}.`;
    const all = chunks === 1 ? "it is the only request about this transcript" : `all ${chunks} requests about this transcript: ${count(found.preview.total_tokens)}`;
    part("tokens").textContent = `${count(request.input_tokens)} tokens${request.exact ? "" : " at most"}; ${all}. ${asked}`;
    part("system").textContent = request.system;
    part("user").textContent = request.user;
  }
  const list = part("difference");
  if (!found.difference) return;
  list.replaceChildren(...found.difference.map((line) => {
    const item = document.createElement("li");
    const place = document.createElement("span");
    place.className = "place";
    place.textContent = `line ${line.line}`;
    item.append(place, " ");
    for (const [kind, words] of line.parts) {
      const node = document.createElement(kind === "gone" ? "del" : kind === "come" ? "ins" : "span");
      node.textContent = words;
      item.append(node);
    }
    return item;
  }));
  if (!found.difference.length) list.textContent = "Nothing differs.";
}

async function look() {
  const mine = ++asked;
  try {
    const anyway = new URLSearchParams(location.search).get("anyway") === "1" ? "?anyway=1" : "";
    const found = await ask(form.dataset.draft + anyway, {
      text: text.value,
      transcript: part("transcript")?.value ?? "",
      prompt: part("prompt")?.value ?? "",
      chunk: String(chunk),
      version: part("version").value,
    });
    if (mine === asked) show(found);
  } catch (error) {
    if (mine === asked) say(error.message, { error: true });
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(look, 450);
}

/** What was sent and refused stands here again, and is not saved. */
const refused = text.dataset.refused !== undefined;
const changed = () => refused || text.value !== began;
const seen = form.elements.seen;
const seenHere = seen?.value;
const unsaved = document.getElementById("unsaved");
const giveUp = document.getElementById("give-up");

function keep() {
  remember("text", changed() ? { text: text.value, seen: seen?.value } : null);
  unsaved.textContent = changed() ? "Not saved yet" : "";
  giveUp.hidden = refused || !changed();
}

text.addEventListener("input", () => {
  keep();
  soon();
});
giveUp.addEventListener("click", () => {
  text.value = began;
  if (seen) seen.value = seenHere;
  keep();
  say("The saved text is back.");
  look();
});

/** What was begun before a reload or on leaving the page. Of an older version it is refused when it is
 *  saved, as on a page that stood open: nobody's words are overwritten. */
function takeUp() {
  const kept = remembered("text", null);
  const sent = remembered("text-sent", false);
  remember("text-sent", null);
  if (refused) return keep();
  if (!kept) return keep();
  if (sent && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return remember("text", null);
  text.value = kept.text;
  if (seen) seen.value = kept.seen;
  keep();
  if (!changed()) return;
  unsaved.textContent = seen && kept.seen !== seenHere
    ? "Not saved yet, as you left it. The saved text was changed since, so this is not saved over it."
    : "Not saved yet, as you left it.";
}

takeUp();
for (const name of ["transcript", "prompt", "version"]) {
  part(name)?.addEventListener("change", () => {
    if (name !== "version") chunk = 1;
    look();
  });
}
part("back")?.addEventListener("click", () => { chunk = Math.max(1, chunk - 1); look(); });
part("on")?.addEventListener("click", () => { chunk = Math.min(chunks, chunk + 1); look(); });
let leaving = false;
form.addEventListener("submit", () => {
  leaving = true;
  remember("text-sent", true);
});
addEventListener("beforeunload", (event) => { if (changed() && !leaving) event.preventDefault(); });

/** Put the caret on a line of the text. */
function go(line) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length;
  const at = before ? before + 1 : 0;
  const end = text.value.indexOf("\n", at);
  text.focus();
  text.setSelectionRange(at, end < 0 ? text.value.length : end);
  text.scrollTop = (line - 6) * parseFloat(getComputedStyle(text).lineHeight);
}

const wrong = Number(text.dataset.line);
if (wrong) go(wrong);
else if (location.hash.length > 1) {
  const id = decodeURIComponent(location.hash.slice(1));
  const line = text.value.split("\n").findIndex((x) => x.trim().replace(/["']/g, "") === `- id: ${id}`);
  if (line >= 0) go(line + 1);
}
look();
