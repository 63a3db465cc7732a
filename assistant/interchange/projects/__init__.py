"""Projects of other tools: what a reader gives, and how it becomes part of the study.

`readers` finds who reads a file; every reader ends in a `records.Project`; `taking` takes it in,
text by text, and from there it is an import like any other (`assistant.interchange.imports`).
"""
