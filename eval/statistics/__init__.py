"""Agreement statistics, one small file a subject. Import from the files themselves."""
