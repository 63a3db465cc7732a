"""Evaluations, verdicts and what they rest on, looks at the evidence, audits."""
