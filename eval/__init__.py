"""The evaluation: coders compared on the same units, from stored rows only.

It never asks a model. From `units` (rows to matrices of units by codes) over `statistics` and
`intervals` to `evaluation` (figures), `verdicts` (lanes) and `report` (what people read). Each
other folder answers a question of its own: `baselines`, `sampling`, `further`, `watching`, `audit`,
`compare`, `disagreements`, `inspect`, `methods`.
"""
