"""What is declared of a code after an audit was judged takes its permission for that code away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.audit.lower_field import ACCEPT, NEW, done
from tests.cli.command import secondcoder

pytestmark = pytest.mark.slow
HERE = tuple(x for n in NEW for x in ("--in", n))


def test_it_has_to_be_judged_again(study: Path) -> None:
    changed, other = ACCEPT[:2]
    book = study / "codebook" / "codebook.yaml"
    text = book.read_text(encoding="utf-8")
    entry = text.index(f"id: {changed}")
    defined = re.search(r"definition: *[>|]?-?\s*\S", text[entry:])
    assert defined is not None
    place = entry + defined.end() - 1
    book.write_text(text[:place] + "Now " + text[place:], encoding="utf-8")
    better = f"change {changed}: only said better"
    done(study, "codebook", "history", "--declare", better)
    done(study, "evaluate", "--run", "1")
    refused = secondcoder(study, "accept", "--all-of", changed, "--run", "1", *HERE)
    assert refused.code == 4
    said = " ".join(refused.err.split())
    assert f"What was declared of the definition of “{changed}” has changed since audit 1" in said
    assert "is void" not in said
    # Another code is not concerned.
    assert done(study, "accept", "--all-of", other, "--run", "1", *HERE)
    done(study, "audit", "result", "1")
    assert done(study, "accept", "--all-of", changed, "--run", "1", *HERE)
