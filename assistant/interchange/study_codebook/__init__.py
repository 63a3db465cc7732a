"""The study's codebook over time: its file, its versions, and what a change makes of old codings.

`assistant.codebook` holds what is true of any codebook, without a database; this is about the one
of a study, beside what people coded with it.
"""
