// An editor with what the model would be sent beside it, and what changed. Nothing is sent.
import { ask, say } from "./frame.js";

const form = document.getElementById("editor");
const text = document.getElementById("text");
const part = (name) => document.getElementById(`p-${name}`);
const began = text.value;
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
  if (found.error && !found.preview) {
    part("system").textContent = "";
    part("user").textContent = "";
  }
  if (found.preview) {
    const { request } = found.preview;
    chunk = found.preview.chunk;
    chunks = request.chunks;
    part("where").textContent = `${chunk} of ${chunks}`;
    part("tokens").textContent = `${request.input_tokens} tokens${request.exact ? "" : " at most"}; all ${chunks} requests about this transcript: ${found.preview.total_tokens}. Prompt ${request.prompt}.`;
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

const changed = () => text.value !== began;
text.addEventListener("input", () => {
  document.getElementById("unsaved").textContent = changed() ? "Not saved yet" : "";
  soon();
});
for (const name of ["transcript", "prompt", "version"]) {
  part(name)?.addEventListener("change", () => {
    if (name !== "version") chunk = 1;
    look();
  });
}
part("back")?.addEventListener("click", () => { chunk = Math.max(1, chunk - 1); look(); });
part("on")?.addEventListener("click", () => { chunk = Math.min(chunks, chunk + 1); look(); });
let leaving = false;
form.addEventListener("submit", () => { leaving = true; });
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
