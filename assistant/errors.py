"""Every error that Second Coder raises on purpose.

    SecondCoderError
    ├── UserError       the user can mend it (a wrong option, a typing mistake in a file)    exit 2
    ├── DataError       something is wrong with data (a scanned PDF, a damaged database)     exit 2
    ├── ProviderError   the model's provider did it (wrong key, unknown model, not there)    exit 2
    ├── PartialError    the work was done in part; running again goes on                     exit 3
    ├── ThresholdError  a verdict or threshold was not met                                   exit 4
    └── BugError        our mistake                                                          exit 1

A message says what happened, where (file, line, field), and what to do next. The command line
prints the first five without a traceback.
"""

from __future__ import annotations

__all__ = [
    "BugError",
    "DataError",
    "PartialError",
    "ProviderError",
    "SecondCoderError",
    "ThresholdError",
    "UserError",
]


class SecondCoderError(Exception):
    """What happened, where, and what to do next.

    ``where`` is for people: ``"codebook/codebook.yaml, line 12, codes[3].definition"``.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}")
        if self.hint:
            parts.append(f"What to do: {self.hint}")
        return "\n".join(parts)


class UserError(SecondCoderError):
    """The user can mend it."""

    exit_code = 2


class DataError(SecondCoderError):
    """Something is wrong with a file or the database."""

    exit_code = 2


class ProviderError(SecondCoderError):
    """The model's provider refused or could not be reached."""

    exit_code = 2


class PartialError(SecondCoderError):
    """The work was done in part. Running the same command again goes on from there."""

    exit_code = 3


class ThresholdError(SecondCoderError):
    """A verdict or threshold was not met."""

    exit_code = 4


class BugError(SecondCoderError):
    """Our mistake. Shown with a traceback."""

    exit_code = 1
