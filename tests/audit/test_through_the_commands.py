"""From new interviews to bulk acceptance, through the commands, on the example study."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.decided.decisions import bulk_decisions
from assistant.store.measured.audits import audit, audits
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings, scopes
from assistant.store.verify import verify
from tests.audit.lower_field import ACCEPT, NEW, done, fill_in
from tests.cli.command import secondcoder

IN_NEW = tuple(x for name in NEW for x in ("--in", name))


def lanes(folder: Path) -> dict[str, int]:
    status = done(folder, "status", "--json").json
    return dict(status["lanes"])


@pytest.mark.slow
def test_without_an_audit_nothing_is_accepted_at_once(evaluated: Path) -> None:
    assert lanes(evaluated)["accept"] == 3
    for code in ACCEPT:
        ended = secondcoder(evaluated, "accept", "--all-of", code, "--run", "1", *IN_NEW)
        assert ended.code == 4
        assert "No audit of these transcripts has been passed: New 1, New 2" in ended.err
        assert "secondcoder audit draw 1" in ended.err
        assert ended.err.count("\n- ") == 1
        assert "in these transcripts cannot be accepted at once" in ended.err
        assert "Leave out the transcripts that are named above" in ended.err
        assert "(`--in NAME`)" not in ended.err
        unnamed = secondcoder(evaluated, "accept", "--all-of", code, "--run", "1")
        assert "Name the transcripts that may be accepted (`--in NAME`)" in unnamed.err
    other = secondcoder(evaluated, "accept", "--all-of", "Theft-and-damage", "--run", "1")
    assert "is in the lane “unproven”" in other.err
    assert "What to do: Decide one by one" in other.err


@pytest.mark.slow
def test_the_answer_of_evaluate_fits_one_screen(evaluated: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    for run in ([], ["--run", "1"]):
        shown = done(folder, "evaluate", *run).out.splitlines()
        assert len(shown) <= 32
        assert max(map(len, shown)) <= 160
        assert "kappa" in shown[2]
        assert " more codes: --all-codes lists them." in "\n".join(shown)
    details = done(folder, "evaluate", "--run", "1", "--details").out
    assert "Lanes" in details
    assert len(details.splitlines()) > 60


@pytest.mark.slow
def test_the_files_show_no_codes_and_the_words_of_no_model(evaluated: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    # What was drawn is stored, so nothing is drawn for a folder that cannot be written.
    (tmp_path / "file").write_text("mine", "utf-8")
    refused = secondcoder(folder, "audit", "draw", "1", "New 1", "--out", str(tmp_path / "file/x"))
    assert (refused.code, "cannot be written" in refused.err) == (2, True)
    done(folder, "audit", "draw", "1", "New 1", "--out", str(tmp_path / "blind"))
    (path,) = (tmp_path / "blind").iterdir()
    text = path.read_text(encoding="utf-8")
    store, _ = open_store(folder / "runs" / "study.db")
    with store:
        assert len(audits(store)) == 1
        sample = {d["segment"] for d in audit(store, 1).plan["sample"]}
        key = audit(store, 1).transcripts[0]
        said = suggestions(store, 1, key)
    marked = {int(line[1:].split("]")[0]) - 1 for line in text.splitlines() if line[:1] == "["}
    assert marked == sample
    # A sample that waits is named; drawing another would be judged more strictly.
    ended = secondcoder(folder, "accept", "--all-of", ACCEPT[0], "--run", "1", "--in", "New 1")
    assert "(audit 1) and waits to be coded and judged" in ended.err
    assert "audit draw" not in ended.err
    for line in text.splitlines():
        if line.startswith("codes:"):
            assert line.strip() == "codes:"
    assert said
    for one in said:
        assert one.rationale not in text


@pytest.mark.slow
def test_the_sample_is_coded_blind_and_is_data_for_itself_alone(study: Path) -> None:
    store, _ = open_store(study / "runs" / "study.db")
    with store:
        row = audit(store, 1)
        for key in row.transcripts:
            (scope,) = scopes(store, key)
            assert scope.coder.name == "Dora"
            assert scope.exposure == "blind"
            assert scope.segments == tuple(
                sorted(d["segment"] for d in row.plan["sample"] if d["transcript_id"] == key)
            )
            assert scope.finished_at
            assert all(c.origin == "blind" for c in codings(store, key))
        assert verify(store).ok
    # What lies between is no "no": a statement about files does not change it either.
    done(study, "transcripts", "--set-exposure", "independent")
    store, _ = open_store(study / "runs" / "study.db")
    with store:
        assert {s.exposure for key in row.transcripts for s in scopes(store, key)} == {"blind"}


@pytest.mark.slow
def test_a_passed_audit_opens_the_way_for_its_codes_and_transcripts(study: Path) -> None:
    result = done(study, "audit", "result", "1", "--json").json
    assert result["passed"]
    assert result["sentence"].startswith("Of what you would accept in these 6 interviews, about ")
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[0], "--run", "1")
    assert ended.code == 4
    assert "No audit of these transcripts has been passed: Interview 01" in ended.err
    for code in ACCEPT:
        done(study, "accept", "--all-of", code, "--run", "1", *IN_NEW)
    store, _ = open_store(study / "runs" / "study.db")
    with store:
        made = bulk_decisions(store)
        assert [b["code"] for b in made] == list(ACCEPT)
        assert all(b["audit_id"] == 1 and b["verdict_id"] and not b["because"] for b in made)
        accepted = [s for s in suggestions(store, 1) if s.decision == "accept"]
        assert {s.transcript for s in accepted} <= set(NEW)
        assert verify(store).ok
    ended = secondcoder(study, "accept", "--all-of", "Cost-and-money", "--run", "1", *IN_NEW)
    assert ended.code == 4
    assert "“Cost-and-money” is in the lane “" in ended.err


@pytest.mark.slow
def test_the_audit_voids_no_verdict_but_changed_evidence_does(study: Path) -> None:
    accept = ("accept", "--all-of", ACCEPT[1], "--run", "1", *IN_NEW)
    done(study, "transcripts", "Interview 01", "--set-exposure", "unknown", "--coder", "Ben")
    ended = secondcoder(study, *accept)
    assert ended.code == 4
    assert "is void: who counts as an independent coder" in ended.err
    assert "secondcoder evaluate --run 1" in ended.err
    steps = done(study, "status", "--json").json["next_steps"]
    assert any("evaluate --run 1" in step for step in steps)
    done(study, "transcripts", "Interview 01", "--set-exposure", "independent", "--coder", "Ben")
    done(study, *accept)


@pytest.mark.slow
def test_a_withdrawn_transcript_voids_what_rested_on_it(study: Path) -> None:
    done(study, "withdraw", "Interview 02", "--reason", "asked", "--yes")
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[1], "--run", "1", *IN_NEW)
    assert ended.code == 4
    assert "was withdrawn: Interview 02" in ended.err


@pytest.mark.slow
def test_a_changed_unit_voids_every_verdict(study: Path) -> None:
    settings = study / "study.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("count_interviewers = true", "count_interviewers = false"), encoding="utf-8"
    )
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[1], "--run", "1", *IN_NEW)
    assert ended.code == 4
    assert "[units] in study.toml, was changed since evaluation 1" in ended.err


@pytest.mark.slow
def test_withdrawing_takes_the_blind_files_along(study: Path) -> None:
    blind = study / "runs" / "audits" / "audit-1"
    assert (blind / "New 2.txt").is_file()
    done(study, "withdraw", "New 2", "--reason", "asked", "--yes")
    assert not (blind / "New 2.txt").exists()
    assert (blind / "New 1.txt").is_file()
    ended = secondcoder(study, "audit", "result", "1")
    assert ended.code == 2
    assert "New 2 was withdrawn" in ended.err


@pytest.mark.slow
def test_a_bad_batch_does_not_pass(evaluated: Path, tmp_path: Path) -> None:
    """Whoever codes finds something else than the model: all of it is wrong and missed."""
    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    done(folder, "audit", "draw", "1")
    blind = folder / "runs" / "audits" / "audit-1"
    for path in blind.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\ncodes: ", "\ncodes: Theft-and-damage"), encoding="utf-8")
    done(folder, "audit", "take", str(blind), "--coder", "Dora")
    ended = secondcoder(folder, "audit", "result", "1")
    assert ended.code == 4
    assert "about 100% is wrong" in ended.out
    assert "Audit 1 did not pass" in ended.err
    done(folder, "accept", "--all-of", ACCEPT[1], "--run", "1", "--because", "a pilot")
    secondcoder(folder, "audit", "result", "1")
    page = (folder / "runs" / "reports" / "audit-1" / "audit.html").read_text(encoding="utf-8")
    assert "Against the policy, " in page
    assert "stating: “a pilot”" in page
    ended = secondcoder(folder, "accept", "--all-of", ACCEPT[0], "--run", "1", *IN_NEW)
    assert "judged and did not pass" in ended.err


@pytest.mark.slow
def test_what_is_refused_when_files_are_taken(evaluated: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    done(folder, "audit", "draw", "1", "New 1", "New 2", "--segments", "20")
    one, _ = sorted((folder / "runs" / "audits" / "audit-1").iterdir())

    def take(path: Path, coder: str = "Dora") -> str:
        ended = secondcoder(folder, "audit", "take", str(path), "--coder", coder)
        assert ended.code == 2
        return ended.err

    assert "have nothing behind “codes:”" in take(one)
    original = one.read_text(encoding="utf-8")
    one.write_text(original.replace("codes: ", "codes: Nonsense", 1), encoding="utf-8")
    one.write_text(one.read_text(encoding="utf-8").replace("codes: \n", "codes: none\n"), "utf-8")
    assert "no code “Nonsense”" in take(one)
    one.write_text(original.replace("codes: ", "codes: none, Cost-and-money"), encoding="utf-8")
    assert "also the word none" in take(one)
    one.write_text("anything\n", encoding="utf-8")
    assert "no file of an audit" in take(one)
    one.write_text(original, encoding="utf-8")
    fill_in(one)
    store, _ = open_store(folder / "runs" / "study.db")
    with store:
        mine = next(s for s in suggestions(store, 1) if s.transcript == "New 1")
    done(folder, "accept", str(mine.id), "--reviewer", "Eve")
    assert "Eve has seen the model's suggestions" in take(one, "Eve")
    done(folder, "audit", "take", str(one), "--coder", "Dora")
    ended = secondcoder(folder, "audit", "result", "1")
    assert ended.code == 2
    assert "not coded yet" in ended.err
    assert "in New 2" in ended.err
    assert (
        "coded these already: Interview 01"
        in secondcoder(folder, "audit", "draw", "1", "Interview 01").err
    )
