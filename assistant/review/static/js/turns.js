// Everything that is stored goes one after the other: fast keys must not overtake each other. While
// something waits, the window is not closed without a question.

import { Refused, say } from "./frame.js";

let waiting = Promise.resolve();
let unstored = 0;
let failed = 0;

/** Do `work` when everything before it is done; what it throws is said. `stores`: whether something
 *  of hers would be lost if the page were left now. */
export function inTurn(work, { stores = true } = {}) {
  if (stores) unstored += 1;
  waiting = waiting.then(work).catch((error) => {
    failed += 1;
    if (!(error instanceof Refused)) console.error(error);
    say(error.message, { error: true });
  }).finally(() => {
    if (stores) unstored -= 1;
  });
  return waiting;
}

/** How often something was not done. */
export const failures = () => failed;

addEventListener("beforeunload", (event) => {
  if (unstored) event.preventDefault();
});
