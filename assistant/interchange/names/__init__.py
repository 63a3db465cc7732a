"""Names set right: of coders, of two names that are one person's, of transcripts."""
