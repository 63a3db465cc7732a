"""A study as one file for a colleague, and a colleague's file taken in."""
