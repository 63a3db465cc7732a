"""Two runs on the same passages: what is better, what was fixed and broken, what chance does."""
