"""From a transcript to suggestions: chunk, ask, read the reply, place its quotes, store.

`coding.plan_run` is the one entry, for command and pages. What both strategies share stands here,
with what is the strategy `list`'s own; that of `judge` is in `judge`, finding quotes in `quotes`.
`reply` is the only place that knows what a reply of `list` looks like, `judge.question` that of an
answer.
"""
