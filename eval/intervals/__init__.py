"""Intervals and tests in which chance draws whole transcripts."""
