"""A participant's withdrawal: the database first, then every file that still holds her words."""
