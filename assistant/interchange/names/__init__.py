"""Names set right: of coders, of two names that are one person's, of transcripts.

A name that tells who somebody is can be forgotten: replaced wherever the program wrote it.
"""
