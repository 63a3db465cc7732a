"""The embedded model as an OpenAI-compatible server inside this process, on the loopback address.

The one place that knows `xllamacpp`, whose versions carry dates and promise nothing: this wrapper
uses as little of it as can be. One client serves the embedded model and every other endpoint.

Invariant: the server listens on 127.0.0.1 only, on a port that the system picks, and is gone when
the context manager is left.
"""

from __future__ import annotations

import gc
import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant.errors import DataError, ProviderError, UserError
from assistant.llm.embedded.platform_checks import Availability, engine_available

__all__ = ["EmbeddedServer", "available"]

_READY_SECONDS = 120.0
_QUIET = -1
"""The engine's own log level that prints nothing, not even its errors."""


def available() -> Availability:
    """Whether the engine can run here, and if not, why."""
    return engine_available()


class EmbeddedServer:
    """``with EmbeddedServer(path) as server:`` — then ask ``server.base_url``.

    ``context``: tokens for one request (prompt and reply); ``parallel``: requests at a time, each
    with a context of its own. Threads: measured on two cores, 1 for writing and 2 for reading is
    best; 2 and 2 can be ten times slower on a busy machine.

    Raises `UserError` where the engine cannot run, `DataError` when the file is not a model.
    """

    def __init__(
        self,
        model_path: Path,
        *,
        context: int = 4096,
        parallel: int = 1,
        threads: int = 1,
        threads_batch: int = 2,
        name: str = "",
    ) -> None:
        self.model_path = model_path
        self.context = context
        self.parallel = parallel
        self.threads = threads
        self.threads_batch = min(threads_batch, os.cpu_count() or 1)
        self.name = name or model_path.stem
        self._server: Any = None
        self._address = ""

    def __enter__(self) -> EmbeddedServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """For OpenAI clients: ``http://127.0.0.1:PORT/v1``."""
        return f"{self._running()}/v1"

    def start(self) -> None:
        """Load the model and wait until it answers (2 to 10 s). Does nothing when it runs."""
        if self._server is not None:
            return
        state = available()
        if not state.ok:
            raise UserError(
                f"The embedded model cannot run on this computer. {state.reason}",
                hint="Name an endpoint in study.toml, or go on without a model.",
            )
        if not self.model_path.is_file():
            raise UserError(
                "The weights of the embedded model are not there.",
                where=str(self.model_path),
                hint="Get them with `secondcoder model get`.",
            )
        import xllamacpp

        try:
            self._server = xllamacpp.Server(self._parameters(xllamacpp))
        except RuntimeError as error:
            raise DataError(
                f"The engine cannot load these weights ({error})",
                where=str(self.model_path),
                hint="Is it a GGUF model, and is there enough memory? Get it again with "
                "`secondcoder model get`.",
            ) from error
        self._address = str(self._server.listening_address)
        self._wait()

    def stop(self) -> None:
        """Stop the server and free the model's memory. Does nothing when it does not run."""
        self._server = None
        self._address = ""
        gc.collect()

    def count_tokens(self, text: str) -> int:
        """Exact number of tokens in ``text``, control words read as plain text."""
        return len(self._post("/tokenize", {"content": text, "parse_special": False})["tokens"])

    def _parameters(self, engine: Any) -> Any:
        parameters = engine.CommonParams()
        parameters.model.path = str(self.model_path)
        parameters.model_alias = {self.name}
        parameters.n_ctx = self.context * self.parallel
        parameters.n_parallel = self.parallel
        parameters.cpuparams.n_threads = self.threads
        parameters.cpuparams_batch.n_threads = self.threads_batch
        parameters.verbosity = _QUIET
        parameters.port = 0
        # Nothing of its own: no page in the browser, no list of what is being asked, no other
        # origin, and no second copy of old prompts in memory.
        parameters.ui = False
        parameters.endpoint_slots = False
        parameters.cors_origins = "http://127.0.0.1"
        parameters.cache_ram_mib = 0
        # The context asked for is the context given, whatever memory there is.
        parameters.fit_params = False
        parameters.warmup = False
        return parameters

    def _running(self) -> str:
        if not self._address:
            raise ProviderError(
                "The embedded model is not running.", hint="Start it before asking it."
            )
        return self._address

    def _wait(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            try:
                with _opener().open(self._running() + "/health", timeout=5) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass  # 503 while it loads.
            time.sleep(0.05)
        self.stop()
        raise ProviderError(
            "The embedded model did not become ready in two minutes.",
            where=str(self.model_path),
            hint="Close other programs that need much memory, and try again.",
        )

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            self._running() + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with _opener().open(request, timeout=60) as reply:
                answer: dict[str, Any] = json.load(reply)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise ProviderError(
                f"The embedded model did not answer: {error}", where=self._address + path
            ) from error
        return answer


def _opener() -> urllib.request.OpenerDirector:
    """Past every proxy: the address is this computer's."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
