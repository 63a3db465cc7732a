"""``merge --conflicts`` is for people: words, and the command that decides; no hashes."""

from __future__ import annotations

import re
import time
from pathlib import Path

from assistant.deidentify.records import Pseudonym
from assistant.hashing import hash_json
from assistant.store.decided.decisions import add_decision
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.sharing.conflicts import Conflict, conflicts, record_conflicts
from assistant.store.texts.pseudonyms import put_pseudonyms
from assistant.store.texts.transcripts import transcript
from assistant.store.versions import codebook_versions
from tests.cli.command import secondcoder
from tests.sharing.studies import exchange, two_folders


def test_the_command_says_in_words_what_differs_and_how_to_decide(
    tmp_path: Path,
) -> None:
    """No row of hashes: which coding, whose word, what each side says, the command that decides."""
    a, b = two_folders(tmp_path)
    one = suggestions(a.store, 1)[0].id
    add_decision(a.store, one, "accept", "Ana")
    time.sleep(0.005)  # times are kept in milliseconds
    add_decision(b.store, one, "reject", "Cem", reason="not <b>this</b>")
    exchange(a, b)
    here = runs(a.store)[0]
    book = codebook_versions(a.store)[0]
    seen = {"exposure": "independent", "codes": None, "finished_at": None}
    put_pseudonyms(a.store, [Pseudonym(term="Maria", kind="person", replacement="PERSON_1")])
    record_conflicts(
        a.store,
        [
            Conflict.of(kind, about, sides, "2026-11-22T10:00:00.000")
            for kind, about, sides in (
                (
                    "run",
                    {"recipe": here.recipe_sha256, "repeat": 1},
                    [{"started": "2026-11-01T10:00"}, {"started": "2026-11-02T10:00"}],
                ),
                (
                    "pseudonym",
                    {"number": hash_json("Maria").removeprefix("sha256:")[:12]},
                    [{"status": "confirmed", "replacement": r} for r in ("PERSON_1", "Anna")],
                ),
                (
                    "scope",
                    {"coder": "Ana", "transcript": transcript(a.store, 1).sha256},
                    [
                        {**seen, "codebook_sha256": book.sha256},
                        {**seen, "codebook_sha256": "sha256:" + "ab" * 32},
                    ],
                ),
                (
                    "transcript",
                    {"transcript": "One"},
                    [{"words": "sha256:1"}, {"words": "sha256:2"}],
                ),
            )
        ],
    )
    asked = secondcoder(a.study.folder, "merge", "--conflicts")
    assert asked.code == 0, asked.err
    found = next(c for c in conflicts(a.store) if c.kind == "decision")
    said = asked.out
    assert suggestions(a.store, 1)[0].quote.split()[0] in said
    assert "Ana accepted it" in said
    assert "Cem rejected it" in said
    assert "“not <b>this</b>”" in said
    (cem,) = [line for line in said.splitlines() if "Cem rejected it" in line]
    assert cem.endswith("holds here now")
    assert f"secondcoder merge --settle {found.identity} --side 1" in said
    assert f"pass 1 of {here.coder.name}" in said
    assert "the name “Maria”" in said
    assert f"with the codebook of {book.recorded_at[:10]}" in said
    assert "a codebook that this study does not have" in said
    assert "A text that is not here any more" in said
    assert "sha256" not in said
    for conflict in conflicts(a.store):
        said = said.replace(conflict.identity, "")
    assert not re.search(r"[0-9a-f]{10}", said)
