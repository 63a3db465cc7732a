// Memos on the transcript's page: written, changed, taken away.

import { ask, say } from "./frame.js";
import { Memo } from "./memo.js";
import { inTurn } from "./turns.js";
import { data, desk, floating, markMemos, refreshPanel, segments } from "./reading.js";

const memos = new Memo(document.getElementById("memo"), (place) => segments.text(place.start, place.end));

/** A memo on the selected words, or on those of the current span. */
export function memo() {
  const place = floating.selection() ?? desk.draft ?? (desk.current ? { start: desk.current.start, end: desk.current.end } : null);
  floating.hide();
  memos.open(place, keepMemo);
}

/** Change a memo of hers: the newer text stands in the older one's place, and both stay on record. */
export function changeMemo(number) {
  const old = data.memos.find((one) => String(one.id) === number);
  if (old) memos.open(old.start === null ? null : { start: old.start, end: old.end }, keepMemo, old);
}

/** Store what was written: a new memo, or what `old` says from now on. */
function keepMemo(written, where, stored, old) {
  return inTurn(async () => {
    const path = old ? `/memos/${old.id}` : `/transcripts/${data.transcript}/memos`;
    const made = await ask(path, { ...written, ...where });
    stored();
    data.memos = [...data.memos.filter((one) => one.id !== old?.id), made.memo];
    markMemos();
    refreshPanel();
    say(old ? "The memo is changed." : "The memo is kept.");
  });
}

export function forgetMemo(number) {
  return inTurn(async () => {
    await ask(`/memos/${number}/delete`, {});
    data.memos = data.memos.filter((one) => String(one.id) !== number);
    markMemos();
    refreshPanel();
    say("The memo is taken away.");
  });
}
