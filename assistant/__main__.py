"""``python -m assistant``: the command, where it is not on the path."""

from assistant.cli.main import run

if __name__ == "__main__":
    run()
