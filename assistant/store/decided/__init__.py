"""Decisions on suggestions, adjudicated disagreements, checks against drowsiness."""
