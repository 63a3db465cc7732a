"""People with people, a run with people, the ceiling and the gain, kept in one record."""
