"""Names, places and numbers are replaced in what leaves the computer, and put back in replies."""
