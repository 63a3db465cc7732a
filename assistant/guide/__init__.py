"""Guides a user through the parts: the demo, and what to do next in a study."""
