"""Audit of a batch: a random sample of it, coded blind, says what accepting would mean."""
