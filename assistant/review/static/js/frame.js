// What every page has: light or dark, the reviewer's name, saying what was done.

/** Say something to everybody: shown for a moment, and read out by a screen reader. `aloud`: what is
 *  read out instead of what is shown, where that is a part of it or stands on the page anyway.
 *  `lasting`: it stays longer, as an error does. */
export function say(text, { error = false, lasting = error, aloud = "" } = {}) {
  const place = document.getElementById("said");
  place.textContent = "";
  place.classList.toggle("error", error);
  // A change of text is what is read out; the same text twice must be a change too.
  requestAnimationFrame(() => {
    if (!aloud) place.textContent = text;
    else {
      const shown = document.createElement("span");
      shown.ariaHidden = "true";
      shown.textContent = text;
      const heard = document.createElement("span");
      heard.className = "visually-hidden";
      heard.textContent = aloud;
      place.replaceChildren(shown, heard);
    }
    place.classList.toggle("shown", Boolean(text));
  });
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("shown"), lasting ? 9000 : 3500);
}

/** What the server answered with an error: its message in plain words. */
export class Refused extends Error {
  constructor(error, status, body) {
    super(error.what + (error.hint ? " " + error.hint : ""));
    this.status = status;
    this.body = body;
  }
}

/** Ask the server for JSON; with `body` it is a change. Throws `Refused` with words for people. */
export async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused({ what: "The program does not answer: it may have been ended.",
      hint: "Start “secondcoder review” again; everything decided so far is stored." }, 0, {});
  }
  const text = await answer.text();
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Refused({ what: answer.status === 403
      ? "The program was started again, so this page is no longer its own."
      : `The program answered with an error (${answer.status}).`,
      hint: answer.status === 403 ? "Open the new address it printed." : "" }, answer.status, {});
  }
  if (!answer.ok) {
    throw new Refused(found.error ?? { what: `Error ${answer.status}.` }, answer.status, found);
  }
  return found;
}

function setUpTheme() {
  const dark = () => {
    const kept = document.documentElement.dataset.theme;
    return kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  document.getElementById("theme")?.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    say(next === "dark" ? "Dark colours" : "Light colours");
  });
}

function setUpName() {
  const who = document.getElementById("who");
  for (const link of document.querySelectorAll("[data-opens=who]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      who.open = true;
      who.querySelector("input").select();
    });
  }
  document.addEventListener("click", (event) => {
    if (who?.open && !who.contains(event.target) && !event.target.closest("[data-opens=who]")) {
      who.open = false;
    }
  });
  who?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      who.open = false;
      who.querySelector("summary").focus();
    }
  });
}

/** In a narrow window the pages are one row to scroll: the one that is open stands in it. */
function showPage() {
  const here = document.querySelector(".top nav [aria-current]");
  if (!here || !matchMedia("(max-width: 64rem)").matches) return;
  const row = here.parentElement;
  row.scrollLeft += here.getBoundingClientRect().right - row.getBoundingClientRect().right + 24;
}

setUpTheme();
setUpName();
showPage();
