"""The strategy `judge` without its calls: from passages, codes and answers to probabilities.

passages.py     a transcript and a codebook as vectors
evidence.py     what speaks for a code on a segment, as numbers
shortlist.py    the codes that a segment is asked about
question.py     what a question shows, and log-odds from a reply
calibration.py  numbers to one probability and a threshold, fitted on other transcripts
fitting.py      which evidence decides, calibrated on which transcripts
people.py       people's codings as arrays
stored.py       vectors kept in the study
quote.py        the words of a segment that carry a code

No module here asks a generative model. The invariant of all of it is that what is said about a
transcript uses no human code of that transcript.
"""

__all__: list[str] = []
