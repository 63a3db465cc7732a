// Keys that come while an answer is under way mean what they mean on a quick computer.

import { desk, panel, step } from "./reading.js";
import { inTurn } from "./turns.js";

/** What is being stored of a passage, `{key}`, by its id. */
const underWay = new Map();
/** Where “go on” led, until something else is stored. */
let wentOnTo = null;

/** Whether the current passage's decision is under way and “go on” is ticked. Then a key is about the
 *  next passage: `act` is done there, once one has come there so, and nowhere else. */
export function later(act) {
  if (!panel.goesOn || !underWay.has(desk.current?.id)) return false;
  inTurn(() => {
    if (wentOnTo && wentOnTo === desk.current?.id) act();
  });
  return true;
}

/** Store what `key` says of a passage, unless that is what is being stored: a second click adds nothing. */
export function once(id, key, work) {
  if (underWay.get(id)?.key === key) return;
  const mine = { key };
  underWay.set(id, mine);
  return inTurn(async () => {
    wentOnTo = null;
    try {
      await work();
    } finally {
      // The same may be under way anew: it was undone meanwhile.
      if (underWay.get(id) === mine) underWay.delete(id);
    }
  });
}

/** The undo that was asked for last and is not answered yet: where she was then, the passage that it
 *  is about once that is known, and the borders that she gets back. */
let unanswered = null;

/** An undo, in its turn; `work` is given what is to be known of it. What is being stored will be undone:
 *  the same once more is no second click. A second click on the undo of one passage (`id`) is one, as
 *  long as nothing else was asked for there since: that is what the later click takes back. */
export function undoes(work, id = null) {
  if (id && unanswered?.id === id && !underWay.has(id) && !underWay.has(unanswered)) return;
  underWay.clear();
  const undo = { from: desk.current?.id, id, borders: null };
  unanswered = undo;
  return inTurn(async () => {
    try {
      await work(undo);
    } finally {
      if (unanswered === undo) unanswered = null;
    }
  });
}

/** Whether a key is about a passage whose undo is not answered yet. Then `act` is done when it is, with
 *  what is so by then: she has not gone on to another passage since. */
export function afterUndo(key, act) {
  const undo = unanswered;
  const here = desk.current?.id;
  if (!undo || (here !== undo.from && here !== undo.id)) return false;
  once(undo.id ?? undo, key, () => act(undo));
  return true;
}

/** To the next one, but from under a reason that she writes meanwhile: its letters would be keys. */
export function goOn(span) {
  if (desk.current?.id !== span.id || panel.asksReason) return;
  step(1, { undecided: true });
  wentOnTo = desk.current?.id === span.id ? null : desk.current?.id;
}
