"""Transcripts and their segments, the files they came from, names and what stands for them."""
