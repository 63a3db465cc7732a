"""2,000 calls of 200 ms at 32 in flight, as a ratio to the ideal, through the client alone.

The fake provider runs in a process of its own, so that it does not take the client's time. Ideal is
calls x delay / in flight, with no time for anything else.

    python -m bench.calls [--calls 2000] [--delay 0.2] [--in-flight 32]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.endpoint import Endpoint
from assistant.llm.records import ChatRequest, Schema

__all__ = ["CallsResult", "measure_calls", "provider"]

TARGET = 1.10
REPOSITORY = Path(__file__).resolve().parents[1]

_SCHEMA = Schema(
    name="applications",
    body={
        "type": "object",
        "properties": {"applications": {"type": "array", "items": {"type": "string"}}},
        "required": ["applications"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True)
class CallsResult:
    calls: int
    ok: int
    seconds: float
    ideal_seconds: float
    opening_seconds: float
    """Once, before the first call: importing the SDK and opening the client."""
    cpu_seconds: float
    """CPU time of this process for the calls."""

    @property
    def ratio(self) -> float:
        return self.seconds / self.ideal_seconds


@contextmanager
def provider(delay: float, reply: str, *, seconds: float = 600.0) -> Iterator[str]:
    """A fake provider in a process of its own; gives its ``base_url``. Ends by itself at last."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reply"
        file.write_text(reply, encoding="utf-8")
        command = [sys.executable, "-m", "tests.fakes.server", "--delay", str(delay)]
        command += ["--reply", str(file), "--seconds", str(seconds)]
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()


async def _ask_all(base_url: str, calls: int, delay: float, in_flight: int) -> CallsResult:
    # About what a chunk is: a codebook of 8,000 characters, a passage of 6,000.
    system = "A code and its definition, with what to include and to exclude. " * 125
    user = "And then I said to her that we should have talked about it before. " * 90

    async def one(client: ChatClient, number: int) -> bool:
        reply = await client.ask(
            ChatRequest(
                model="fake-model",
                system=system,
                user=f"{number}. {user}",
                json_schema=_SCHEMA,
                endpoint=base_url,
            )
        )
        return reply.outcome == "ok"

    endpoint = Endpoint(base_url=base_url, model="fake-model", max_concurrency=in_flight)
    begun = time.perf_counter()
    async with ChatClient(endpoint) as client:
        cpu, started = time.process_time(), time.perf_counter()
        results = await asyncio.gather(*(one(client, number) for number in range(calls)))
        return CallsResult(
            calls=calls,
            ok=sum(results),
            seconds=time.perf_counter() - started,
            ideal_seconds=calls * delay / in_flight,
            opening_seconds=started - begun,
            cpu_seconds=time.process_time() - cpu,
        )


def measure_calls(calls: int = 2000, delay: float = 0.2, in_flight: int = 32) -> CallsResult:
    """Run the measurement; takes a little longer than calls x delay / in flight."""
    with provider(delay, json.dumps({"applications": ["one", "two"]})) as base_url:
        return run_async(_ask_all(base_url, calls, delay, in_flight))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds for one call")
    parser.add_argument("--in-flight", type=int, default=32)
    options = parser.parse_args()
    result = measure_calls(options.calls, options.delay, options.in_flight)
    print(
        f"{result.ok} of {result.calls} calls of {options.delay * 1000:.0f} ms, "
        f"{options.in_flight} in flight: {result.seconds:.2f} s, ideal {result.ideal_seconds:.2f} "
        f"s, ratio {result.ratio:.3f} (target {TARGET:.2f}); before that "
        f"{result.opening_seconds:.2f} s to open the client; CPU {result.cpu_seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
