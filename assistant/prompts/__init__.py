"""Prompt versions: load, render, and what a template may see.

Import from the modules; this one stays empty so that the record types load fast.
"""
