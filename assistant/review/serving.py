"""Starting and ending the server.

Listens on 127.0.0.1 and nowhere else. Control-C ends it; every decision was stored when it was
made, so there is nothing to save.
"""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UserError
from assistant.guide.ahead import look_ahead
from assistant.review.app import make_app
from assistant.review.safety import TOKEN, new_token

if TYPE_CHECKING:
    import uvicorn

__all__ = ["HOST", "Serving", "serve", "serving"]

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Serving:
    """A server that can be reached."""

    port: int
    token: str

    def address(self, path: str = "/") -> str:
        """Where to open it, with the key."""
        joint = "&" if "?" in path else "?"
        path, _, place = path.partition("#")
        return f"http://{HOST}:{self.port}{path}{joint}{TOKEN}={self.token}" + (
            f"#{place}" if place else ""
        )


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise UserError(
            f"Port {port} cannot be used ({error.strerror}).",
            hint="Leave --port out to take a free one, or end what uses it.",
        ) from error
    return listening


def _server(folder: Path, listening: socket.socket) -> tuple[uvicorn.Server, Serving]:
    import uvicorn

    made = Serving(listening.getsockname()[1], new_token())
    config = uvicorn.Config(
        make_app(folder, made.token, made.port),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config), made


def serve(
    folder: Path, port: int = 0, *, browser: bool = True, say: Callable[[Serving], None]
) -> None:
    """Serve until Control-C. ``say`` is called once the address answers; ``port`` 0: a free one.

    Raises `UserError` when the port cannot be had.
    """
    with _listen(port) as listening:
        server, made = _server(folder, listening)

        def announce() -> None:
            while not server.started:
                if server.should_exit:
                    return
                threading.Event().wait(0.02)
            say(made)
            if browser:
                webbrowser.open(made.address())
            look_ahead(folder)  # while she reads the first page

        threading.Thread(target=announce, daemon=True).start()
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


@contextmanager
def serving(folder: Path) -> Iterator[Serving]:
    """A server in a thread of this process, for tests and measurements."""
    with _listen(0) as listening:
        server, made = _server(folder, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            threading.Event().wait(0.01)
        try:
            yield made
        finally:
            server.should_exit = True
            thread.join(10)
