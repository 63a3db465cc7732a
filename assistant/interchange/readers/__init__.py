"""Readers of other programs' projects and tables; each ends in a `projects.records.Project`."""
