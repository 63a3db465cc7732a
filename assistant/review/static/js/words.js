// What was decided on a suggestion, in words that are the same everywhere; and names in sentences.

/** A name as it stands in a sentence: letters from right to left stay within it, and what controls the
 *  direction is shown by its number. Labels of codes come so from the program. */
export function apart(name) {
  const plain = name.replace(/[\u202a-\u202e\u2066-\u2069]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
  return /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** `Accepted`, `Changed to Tools` …; "Not decided yet" for an open one. */
export function outcome(span, data) {
  const code = data.codes[span.code];
  if (span.decision === "amend") {
    if (!span.instead) return "Changed";
    if (span.instead === code.id) return "Accepted, borders adjusted";
    return `Changed to ${data.codes.find((one) => one.id === span.instead)?.label ?? span.instead}`;
  }
  return { open: "Not decided yet", accept: "Accepted", reject: "Rejected" }[span.decision];
}

/** How a decision looks: as `accept` where only the borders were changed. */
export function look(span, data) {
  return span.decision === "amend" && span.instead === data.codes[span.code].id ? "accept" : span.decision;
}

export const small = (words) => words[0].toLowerCase() + words.slice(1);

/** What stands behind the model's mark once somebody has decided. */
export const SIGNS = { accept: "✓", reject: "✕", amend: "→" };
