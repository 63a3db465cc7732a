"""A withdrawn interview: its words erased everywhere, and known when they come again."""
