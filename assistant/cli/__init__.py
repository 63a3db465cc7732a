"""The command ``secondcoder``: what all commands share, and each of them in `commands`.

main         the list of commands, and every error as a message with an exit code
common       opening the study, tables, JSON, progress
advice       what was probably meant, where a command line cannot be understood
other_words  words that people type for a command which is called otherwise
harmless     what is printed does nothing to the terminal
"""
