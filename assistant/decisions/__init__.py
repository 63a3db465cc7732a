"""People's decisions on suggestions: what may be decided, singly and in bulk, and why not."""
