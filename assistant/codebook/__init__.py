"""Codebooks: load, check, write, derive from human codes, compare versions.

Import from the modules; this one stays empty so that the record types load fast.
"""
