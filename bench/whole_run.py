"""2,000 calls of 200 ms at 32 in flight through a whole run, and the same run again.

From the command's first line of work to the last stored row: planning, the client, every reply
stored before it is read, anchoring, outcomes. The fake provider is a process of its own. Ideal is
calls x delay / in flight, with no time for anything else.

    python -m bench.whole_run [--calls 2000] [--delay 0.2] [--in-flight 32]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.coding.coding import CodeOptions, code_transcripts
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.transcripts import named
from assistant.store.database import open_store
from assistant.study import Study, create_study, open_study
from bench.calls import REPOSITORY, provider
from bench.measured import Measured, table

__all__ = ["WholeRun", "measure_run", "rows"]

_CODEBOOK = """\
name: Bench
codes:
""" + "".join(
    f"""\
  - id: code-{n}
    definition: The people in the interview talk about matter number {n}, whatever they think of it.
    include: What they say about it in passing, and what they only hint at, as long as it is clear.
    exclude: What they say about any other matter, however near it stands to this one.
"""
    for n in range(12)
)


@dataclass(frozen=True)
class WholeRun:
    calls: int
    seconds: float
    ideal_seconds: float
    """calls x delay / in flight; a call may take a part of it in computing time at most."""
    cpu_seconds: float
    """Of the process that runs, the preparation and the opening of the client included."""
    again_seconds: float
    """The command as a user starts it, from the shell and back."""
    again_calls: int

    @property
    def ratio(self) -> float:
        return self.seconds / self.ideal_seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu_seconds * 1000 / self.calls


def _passage(number: int) -> str:
    """A little more than half a chunk, so that each has a chunk of its own."""
    return (
        f"This is the passage with the number {number}. I said to her that we should have talked "
        "about it before, and she said that there had never been a good moment for it. So we went "
        "on as we always had and nobody asked about it again for a long time."
    )


def _study(folder: Path, base_url: str, calls: int, in_flight: int) -> Study:
    create_study(folder, name="Bench")
    (folder / "study.toml").write_text(
        f'[endpoint]\nbase_url = "{base_url}"\nmodel = "fake-model"\n'
        f"max_concurrency = {in_flight}\n[coding]\nchunk_tokens = 120\n",
        encoding="utf-8",
    )
    (folder / "codebook" / "codebook.yaml").write_text(_CODEBOOK, encoding="utf-8")
    text = "\n\n".join(f"P{n % 2}: {_passage(n)}" for n in range(calls))
    (folder / "transcripts" / "Long.txt").write_text(text, encoding="utf-8")
    study = open_study(folder)
    store, _ = open_store(study.database)
    with store:
        import_files(store, [study.transcripts_folder], ImportOptions(language="en"))
    return study


def measure_run(calls: int = 2000, delay: float = 0.2, in_flight: int = 32) -> WholeRun:
    """Run the measurement in a folder of its own, which is taken away afterwards.

    Raises RuntimeError when the run did not do what it should: figures of it would mean nothing.
    """
    said = {
        "applications": [
            {
                "segment": 1,
                "code": "code-3",
                "quote": "we should have talked about it before",
                "rationale": "They talk about matter number 3.",
                "confidence": 0.8,
            }
        ],
        "something_uncoded": [],
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        provider(delay, json.dumps(said)) as base_url,
    ):
        study = _study(Path(folder), base_url, calls, in_flight)
        store, _ = open_store(study.database)
        with store:
            options = CodeOptions(named(store, ()))
            cpu, begun = time.process_time(), time.perf_counter()
            result = code_transcripts(study, store, options)
            seconds = time.perf_counter() - begun
            cpu = time.process_time() - cpu
            if (result.status, result.sent) != ("complete", calls):
                raise RuntimeError(f"the run is {result.status} with {result.sent} calls")
        begun = time.perf_counter()
        again = subprocess.run(
            [sys.executable, "-m", "assistant.cli", "--study", folder, "code", "--json"],
            capture_output=True,
            check=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        again_seconds = time.perf_counter() - begun
        found = json.loads(again.stdout)
        if not found["unchanged"]:
            raise RuntimeError("the same run again was not unchanged")
        return WholeRun(
            calls, seconds, calls * delay / in_flight, cpu, again_seconds, found["sent"]
        )


def rows(found: WholeRun) -> list[Measured | str]:
    calls = f"{found.calls:,} calls"
    return [
        Measured(
            f"{calls} through a whole run, to the ideal of {found.ideal_seconds:.1f} s",
            found.ratio,
            "ratio",
            1.10,
            f"{found.seconds:.1f} s",
        ),
        Measured(
            "  computing time of that for a call",
            found.cpu_ms,
            "ms",
            round(found.ideal_seconds * 1000 / found.calls, 2),
            "above it no ratio of 1 is possible",
        ),
        Measured(
            "  the same command again", found.again_seconds, "s", 5.0, f"{found.again_calls} calls"
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds for one call")
    parser.add_argument("--in-flight", type=int, default=32)
    given = parser.parse_args()
    print(table(rows(measure_run(given.calls, given.delay, given.in_flight))))


if __name__ == "__main__":
    main()
