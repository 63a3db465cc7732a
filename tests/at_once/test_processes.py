"""Programs that decide at the same time, a page beside them, and one program that is killed at it:
what was acknowledged is stored, and nothing is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.store.verify import verify
from assistant.study import Study
from tests.conftest import REPOSITORY
from tests.review.asking import decide
from tests.review.conftest import client, opened, study

__all__ = ["client", "opened", "study"]

_SUGGESTIONS = 36
_PROGRAM = """
import sys, time
from pathlib import Path
from assistant.decisions import deciding
from assistant.store.database import open_store

with open_store(Path(sys.argv[1]))[0] as store:
    print("ready", flush=True)
    for line in sys.stdin:
        deciding.accept(store, int(line), reviewer=sys.argv[2])
        print(line.strip(), flush=True)
        time.sleep(0.003)  # as every program has something to do between two changes
"""


class _Program:
    def __init__(self, database: Path, who: str) -> None:
        self.who = who
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(database), who],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def told(self, lines: list[int]) -> None:
        """All of it at once: it works on while nobody looks."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{number}\n" for number in lines))
        self.process.stdin.close()


def test_what_is_acknowledged_is_stored_whoever_else_works_or_dies(
    study: Study, client: TestClient
) -> None:
    numbers = list(range(1, _SUGGESTIONS + 1))
    programs = [_Program(study.database, who) for who in ("Ben", "Cleo", "Dora")]
    killed = programs[-1]
    try:
        assert [program.said() for program in programs] == ["ready"] * 3
        for program in programs:
            program.told(numbers * (100 if program is killed else 1))
        acknowledged: Counter[str] = Counter()
        after = 0
        for _ in range(10):
            # She sees what others have decided meanwhile, and decides all the same.
            answer = decide(client, 1, "reject", after)
            while answer.status_code == 409:
                after = answer.json()["spans"][0]["after"]
                answer = decide(client, 1, "reject", after)
            assert answer.status_code == 200, answer.text
            after = answer.json()["spans"][0]["after"]
            acknowledged["Ana"] += 1
            assert killed.said()
            acknowledged["Dora"] += 1
        killed.process.kill()  # in the middle of something: it has thousands before it
        assert killed.process.stdout is not None
        acknowledged["Dora"] += len(killed.process.stdout.read().split("\n")) - 1
        for program in programs[:-1]:
            assert [program.said() for _ in numbers] == [str(number) for number in numbers]
            acknowledged[program.who] += len(numbers)
            assert program.process.wait(60) == 0
        killed.process.wait(60)
    finally:
        for program in programs:
            program.process.kill()
            program.process.wait(60)
            for pipe in (program.process.stdin, program.process.stdout):
                if pipe is not None and not pipe.closed:
                    pipe.close()
    with open_store(study.database)[0] as store:
        assert verify(store).ok
        stored = Counter(decision.reviewer for decision in decisions(store))
    # One may have been stored whose acknowledgement died with its program.
    assert stored["Dora"] - acknowledged["Dora"] in (0, 1)
    del stored["Dora"], acknowledged["Dora"]
    assert stored == acknowledged
