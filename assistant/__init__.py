"""Second Coder: a second coder for interview research.

The package goes from a file to a decided suggestion. The evaluation lives beside it in ``eval``.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
