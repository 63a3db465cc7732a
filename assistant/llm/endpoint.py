"""Where a model is, and the key to it.

Invariant: a key is read from the environment at the moment it is needed and is a field of no
record, so no record, log line or message can carry it. What an endpoint sends back goes through
`Redactor` before anything else sees it, because some endpoints repeat the key they were given.
"""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import quote, urlsplit

from assistant.errors import UserError
from assistant.llm.prices import Prices
from assistant.transcripts.records import Frozen

__all__ = ["Endpoint", "Redactor", "endpoint_is_local"]

_SHORTEST_SECRET = 8
"""A shorter "key" (``none``, ``ollama``) is no secret, and blotting it out would spoil texts."""


def endpoint_is_local(base_url: str) -> bool:
    """Whether what is sent to ``base_url`` stays on this computer.

    True for ``localhost``, loopback addresses, Unix sockets and ``""`` (the embedded model). False
    for everything else: the local network is not this computer, and neither is an address that is
    written so oddly that programs may read it in different ways.
    """
    if not base_url:
        return True
    if "\\" in base_url or any(ord(c) <= 32 for c in base_url):
        return False
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme in ("unix", "http+unix"):
        return True
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    # 0.0.0.0 and :: as a target are this machine, or nothing.
    return address.is_loopback or address.is_unspecified


class Endpoint(Frozen):
    """An OpenAI-compatible endpoint: OpenAI, Azure, vLLM, Ollama, LM Studio, llama.cpp …"""

    base_url: str
    """Up to and with ``/v1``; with ``api_version`` (Azure) the resource's address. A Unix socket is
    ``unix:/path/to/socket``."""
    model: str = ""
    api_key_env: str = "OPENAI_API_KEY"
    """Environment variable that holds the key; empty: the endpoint needs none."""
    api_version: str = ""
    """Azure only."""
    timeout_seconds: float = 120.0
    """For one attempt, from sending to the last byte."""
    max_concurrency: int = 8
    prices: Prices = Prices()

    @property
    def is_local(self) -> bool:
        return endpoint_is_local(self.base_url)

    @property
    def socket_path(self) -> str:
        """Path of the Unix socket, or ``""``."""
        scheme, _, rest = self.base_url.partition(":")
        return "/" + rest.lstrip("/") if scheme in ("unix", "http+unix") else ""

    def check(self) -> None:
        """Raise `UserError` for an address that cannot work or that holds a secret."""
        field = "base_url in study.toml, section [endpoint]"
        try:
            parts = urlsplit(self.base_url)
            secret = parts.username is not None or "key=" in parts.query.lower()
            well_formed = bool(self.socket_path) or (
                parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            )
        except ValueError:
            secret, well_formed = False, False
        if secret:
            raise UserError(
                "The endpoint's address holds a user name, password or key.",
                where=field,
                hint="Take it out of the address and put it into the environment variable that "
                "api_key_env names. Consider it known to others, and change it.",
            )
        if not well_formed:
            raise UserError(
                f'"{self.base_url}" is not the address of an endpoint.',
                where=field,
                hint='Write it in full, such as "http://localhost:11434/v1".',
            )

    def key(self) -> str:
        """The key, or ``""``.

        Raises `UserError` when the variable holds something that cannot be sent as a key; the
        message does not show it.
        """
        key = os.environ.get(self.api_key_env, "").strip() if self.api_key_env else ""
        if not key.isascii() or any(ord(c) <= 32 for c in key):
            raise UserError(
                "The key holds characters that no key has (spaces, line ends or accents).",
                where=f"environment variable {self.api_key_env}",
                hint="Copy the key again and set the variable anew.",
            )
        return key

    @property
    def key_hint(self) -> str:
        """For messages: which variable is meant, and whether it is set. Never the key."""
        if not self.api_key_env:
            return "This endpoint is set to need no key (api_key_env is empty in study.toml)."
        state = "set" if os.environ.get(self.api_key_env, "").strip() else "not set"
        return (
            f"The key is read from the environment variable {self.api_key_env}, which is {state}."
        )


class Redactor:
    """Blots out one exact value, in the spellings in which it can stand in a reply."""

    def __init__(self, secret: str) -> None:
        self._pattern: re.Pattern[str] | None = None
        if len(secret) >= _SHORTEST_SECRET:
            # JSON, and JSON within JSON, puts backslashes before some characters.
            escaped = "".join(
                r"\\*" + re.escape(char) if char in "/\"'\\" else re.escape(char) for char in secret
            )
            self._pattern = re.compile(f"{escaped}|{re.escape(quote(secret, safe=''))}")

    def __repr__(self) -> str:
        return "Redactor()"

    def __call__(self, text: str) -> str:
        return self._pattern.sub("[key removed]", text) if self._pattern else text

    def finds(self, text: str) -> bool:
        return self._pattern is not None and self._pattern.search(text) is not None
