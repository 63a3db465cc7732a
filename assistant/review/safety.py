"""Who may talk to the server: this computer's browser, opened with this start's token.

Invariant: nothing but the refusal itself is answered to a request with a foreign ``Host``, to a
write with a foreign or missing ``Origin``, or to a browser that has not shown the token. Every
answer carries a policy under which the page runs no script but the program's own files.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["POLICY", "TOKEN", "Safety", "cookie_name", "guarded", "new_token"]

TOKEN = "token"
"""Name of the parameter in the opened address."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": under that a browser sends the Origin of a posted form as "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_READING = ("GET", "HEAD", "OPTIONS")
_NO_TOKEN = """<!doctype html><html lang="en"><meta charset="utf-8">
<title>Second Coder</title><h1>This page is for the person who started it</h1>
<p>Open the whole address that <code>secondcoder review</code> printed; it ends in a key that is new
with every start. If the program was started again, close this window and use the new address.</p>
</html>"""


def guarded(headers: MutableHeaders) -> None:
    """Put what every answer carries into its headers."""
    for name, value in _HEADERS.items():
        headers[name] = value
    # Participants' words do not belong in the browser's cache on disk.
    headers.setdefault("Cache-Control", "no-store")


def new_token() -> str:
    return secrets.token_urlsafe(24)


def cookie_name(port: int) -> str:
    """One a port: cookies do not tell ports apart, and two studies may be open at once."""
    return f"secondcoder-{port}"


class Safety:
    """ASGI middleware around everything, static files included."""

    def __init__(self, app: ASGIApp, *, token: str, port: int, hosts: Sequence[str] = ()) -> None:
        self.app = app
        self._token = token
        self._cookie = cookie_name(port)
        self._hosts = {*(f"{name}:{port}" for name in ("127.0.0.1", "localhost")), *hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                guarded(MutableHeaders(scope=message))
            await send(message)

        refusal = (
            PlainTextResponse("Only pages are served here.", 400)
            if scope["type"] != "http"
            else self._refusal(scope)
        )
        if refusal is not None:
            await refusal(scope, receive, safely)
            return
        await self.app(scope, receive, safely)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return PlainTextResponse(
                "This server answers to this computer's own address only.", 421
            )
        method = scope["method"]
        if method not in _READING:
            origin = headers.get("origin", "")
            if origin not in {f"http://{host}" for host in self._hosts}:
                return PlainTextResponse("Only the program's own pages may change something.", 403)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = dict(query).get(TOKEN)
        if shown is not None and method == "GET":
            if not self._is_token(shown):
                return HTMLResponse(_NO_TOKEN, 403)
            rest = urlencode([(key, value) for key, value in query if key != TOKEN])
            # One slash only: "//name" would lead elsewhere.
            path = "/" + scope["path"].lstrip("/")
            answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
            return answer
        if not self._is_token(self._from_cookie(headers)):
            return HTMLResponse(_NO_TOKEN, 403)
        return None

    def _is_token(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode(), self._token.encode())

    def _from_cookie(self, headers: Headers) -> str:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return ""
        return found.value if found else ""
