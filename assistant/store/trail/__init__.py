"""Everything that happened in a study, in the order of time, and what leaves it."""
