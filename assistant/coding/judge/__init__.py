"""The pure parts of the strategy `judge`: arrays and records in, arrays and records out.

passages.py     a transcript and a codebook as vectors
evidence.py     what speaks for a code on a segment, as numbers
shortlist.py    the codes that a segment is asked about
question.py     what a question shows, and log-odds from a reply
calibration.py  numbers to one probability and a threshold, fitted on other transcripts
assembly.py     evidence and the model's answers together
quote.py        the words of a segment that carry a code

Nothing here asks a model or opens a file; the invariant of all of it is that what is said about a
transcript uses no human code of that transcript.
"""

__all__: list[str] = []
