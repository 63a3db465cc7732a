"""Where the files that come with the program are: examples, prompts, codebooks, default policy.

In a wheel they travel inside the package; in a checkout they are the folders at its top level.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["examples", "policy", "prompts", "shipped_codebooks"]

_PACKAGE = Path(__file__).parent
_WHEEL = _PACKAGE / "_shipped"
_CHECKOUT = _PACKAGE.parent


def _find(in_wheel: str, in_checkout: str) -> Path:
    inside = _WHEEL / in_wheel
    return inside if inside.exists() else _CHECKOUT / in_checkout


def examples() -> Path:
    """The example study's folder."""
    return _find("examples", "examples")


def prompts() -> Path:
    """The folder of prompt versions."""
    return _find("prompts", "prompts")


def shipped_codebooks() -> Path:
    """The folder of codebooks that new studies start from."""
    return _find("codebook", "codebook")


def policy() -> Path:
    """The default ``policy.toml``."""
    return _find("policy.toml", "eval/policy.toml")
