"""Several programs and people in one study at the same time."""
