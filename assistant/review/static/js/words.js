// What was decided on a suggestion, in words that are the same everywhere.

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
