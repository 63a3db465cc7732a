"""Which transcripts prove what: kept for a test, used to choose, or drawn at random."""
