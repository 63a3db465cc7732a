"""The strategy `judge`: a yes/no question for each likely code of a segment, and what follows.

A run, in the order in which it uses them:

preparing.py    plan a run; the preview and the run share it
learning.py     which transcripts it learns from
cells.py        which cells of a transcript are asked about, each with its request
plan.py         what it will ask and learn from, as records
studying.py     from a study to a finished run
running.py      each question is asked once, and its answer stored
concluding.py   from stored answers to suggestions

What they compute with, from passages, codes and answers to probabilities:

passages.py     a transcript and a codebook as vectors
evidence.py     what speaks for a code on a segment, as numbers
shortlist.py    the codes that a segment is asked about
question.py     what a question shows, and log-odds from a reply
answers.py      what answers add to what is known without them
calibration.py  numbers to one probability and a threshold, fitted on other transcripts
fitting.py      which evidence decides, calibrated on which transcripts
people.py       people's codings as arrays
stored.py       vectors kept in the study
quote.py        the words of a segment that carry a code

None of the second group asks a generative model. The invariant of all of it is that what is said
about a transcript uses no human code of that transcript.
"""

__all__: list[str] = []
