"""Everything that is measured, in one table with the targets of the design beside it.

python -m bench            all of it, some minutes
python -m bench --quick    fewer calls, small statistics only

What takes long or needs a browser is measured by itself: python -m bench.review_page and
bench.disagreements (pages); bench.coverage, bench.span_coverage, bench.near_one, bench.never_both,
bench.beats, bench.passing, bench.counts, bench.audit_coverage, bench.again and bench.comparing (how
often intervals and verdicts are right).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator

from bench.calls import TARGET, measure_calls
from bench.files import help_seconds, import_pdfs
from bench.measured import Measured, table
from bench.statistics import measure_large, measure_small
from bench.whole_run import measure_run, rows


def client(calls: int) -> list[Measured | str]:
    """The same calls through the client alone: what a run's own work comes on top of."""
    found = measure_calls(calls)
    return [
        Measured(
            f"{found.ok:,} calls through the client alone, to the ideal",
            found.ratio,
            "ratio",
            TARGET,
            f"{found.seconds:.1f} s",
        ),
        Measured(
            "  computing time of that for a call", found.cpu_seconds * 1000 / found.calls, "ms"
        ),
    ]


def machine() -> Iterator[Measured | str]:
    """What to hold the other figures against: a busy or slow computer shows here."""
    begun = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number
    yield Measured(
        "5 million additions in Python, computing time", time.process_time() - begun, "s"
    )
    if hasattr(os, "getloadavg"):
        yield Measured(
            "processes waiting for a core in the last minute",
            os.getloadavg()[0],
            "",
            note=f"{os.cpu_count()} cores",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    calls = 320 if quick else 2000
    steps: list[tuple[str, Callable[[], list[Measured | str]]]] = [
        ("this computer", lambda: list(machine())),
        ("a whole run", lambda: rows(measure_run(calls))),
        ("the client", lambda: client(calls)),
        ("import", import_pdfs),
        ("help", lambda: [help_seconds()]),
        ("statistics", lambda: [*measure_small()]),
    ]
    if not quick:
        steps.append(("statistics of 100 interviews", lambda: [*measure_large()]))
    made: list[Measured | str] = []
    for name, step in steps:
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        made += step()
    print(table(made))


if __name__ == "__main__":
    main()
