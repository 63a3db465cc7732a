"""From stored rows to coded transcripts, and from spans to matrices of units by codes."""
