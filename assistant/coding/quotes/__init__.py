"""Placing a quote: from the words in a model's reply to a span of the transcript.

anchoring.py    the ladder of steps, each only where the one before found nothing; begin here
matching.py     exactly, then folded
close_match.py  closely, within narrow bounds
folding.py      text for comparison, with the way back to each character
guards.py       the words that may not differ, by language

No module here asks a model or the store. What is stored is always a slice of the transcript.
"""
