"""People as coders: their codings and scopes, memos, and what each of them has been shown."""
