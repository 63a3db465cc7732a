// Everything that is stored goes one after the other: fast keys must not overtake each other. While
// something waits, the window is not closed without a question.

import { Refused, say } from "./frame.js";

let waiting = Promise.resolve();
let unstored = 0;
let failed = 0;
const PATIENT = 2000;
const AGAIN = 9000;
const STILL = "Not stored yet: something else is being written into this study. It is stored as soon as that is done; leave this page open.";

/** Do `work` when everything before it is done; what it throws is said. `stores`: whether something
 *  of hers would be lost if the page were left now. */
export function inTurn(work, { stores = true } = {}) {
  if (stores) unstored += 1;
  waiting = waiting.then(stores ? () => telling(work) : work).catch((error) => {
    failed += 1;
    if (!(error instanceof Refused)) console.error(error);
    say(error.message, { error: true });
  }).finally(() => {
    if (stores) unstored -= 1;
  });
  return waiting;
}

/** Do `work`; where it takes long, say now and then that it waits: a command that is putting two
 *  studies together, say, lets nobody else write for a moment. */
async function telling(work) {
  const tell = () => say(STILL, { lasting: true });
  let again;
  const first = setTimeout(() => {
    tell();
    again = setInterval(tell, AGAIN);
  }, PATIENT);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}

/** How often something was not done. */
export const failures = () => failed;

addEventListener("beforeunload", (event) => {
  if (unstored) event.preventDefault();
});
