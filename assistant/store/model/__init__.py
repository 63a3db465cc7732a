"""Runs: what a model was asked, what it answered, what it suggested and what became of it."""
