"""Everything that happened in a study, to be read by people and by programs."""
