"""One file a command, named after it; what a long one prints stands beside it under its name.

Each parses, calls one function of another part and prints. `assistant.cli.main` lists them.
"""
