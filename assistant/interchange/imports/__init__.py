"""Files become transcripts with several coders, whichever order they come in.

`importing` is the entry. It reads (`items`, `labels`), puts files of the same words together
(`placing`, `near`, `joining`), makes the codings of each transcript from all its files (`deriving`,
`duplicates`, `correcting`) and reports (`reports`, `fates`). What was asked and not answered is
kept in `asked`; files that come from a browser go through `bringing`.
"""
