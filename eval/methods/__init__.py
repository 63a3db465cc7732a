"""What a paper has to say about how its interviews were coded, from what the database holds."""
