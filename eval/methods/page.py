"""The page of a methods section: the paragraphs, the table and the coefficients."""

from __future__ import annotations

from collections.abc import Iterator

from eval.evaluation.results import Evaluation
from eval.intervals.resampling import Interval
from eval.methods.agreed import for_a_paper, interviews_of
from eval.methods.facts import Facts
from eval.methods.sentences import gap, paragraphs
from eval.report.charts import MODEL, PEOPLE, Chart, Series, mark
from eval.report.document import Block, Cell, Column, Document, Note, Section, Table, Text
from eval.report.wording import how_many, listed, looked_at, measured
from eval.statistics.values import is_defined

__all__ = ["methods_document"]


def methods_document(facts: Facts) -> Document:
    texts = paragraphs(facts)
    sections = [
        Section(
            "paragraph",
            "For the methods section",
            tuple(
                [Note(text) for text in facts.remarks]
                + [Text(text) for text in texts]
                + [
                    Note(
                        "What stands in square brackets is not known to the program. Everything "
                        "else is from the study's database, as of the date above."
                    )
                ]
            ),
        ),
        Section("table", "The same as a table", (_table(facts),)),
    ]
    agreement = tuple(_agreement(facts.measured)) if facts.measured else ()
    if agreement:
        sections.append(Section("agreement", "Agreement", agreement))
    return Document(
        f"{facts.study}: methods",
        f"Written {facts.made_at[:10]} by {facts.program}"
        + (f", from evaluation {facts.evaluation}." if facts.evaluation else "."),
        tuple(sections),
        ("This page holds no words of participants.",),
    )


# --- the table -----------------------------------------------------------------------------------


def _table(facts: Facts) -> Table:
    return Table(
        "methods-table",
        "What determines the codes and figures",
        (Column("What"), Column("Value", long=True)),
        tuple((Cell(name), Cell(text or "–")) for name, text in _rows(facts)),
    )


def _rows(facts: Facts) -> Iterator[tuple[str, str]]:
    yield (
        "Transcripts",
        f"{facts.transcripts}, {how_many(facts.passages, 'passage')}, "
        f"{how_many(facts.words, 'word')}",
    )
    yield "Languages", listed(f"{name} ({n})" for name, n in facts.languages.items())
    yield "Withdrawn", listed(facts.withdrawn) or "none"
    for c in facts.coders:
        yield (
            f"Coder {c.name}",
            f"{how_many(c.transcripts, 'transcript')}, {how_many(c.codings, 'coding')}; "
            + listed(f"{kind} in {n}" for kind, n in c.exposures.items()),
        )
    yield (
        "Coded by two or more",
        f"{how_many(facts.doubly_coded, 'transcript')}, {facts.independently_coded} of them "
        "independently",
    )
    yield "Training of coders", gap("training of coders")
    yield "Ethics approval", gap("ethics approval")
    run = facts.run
    if run is not None:
        yield "Model asked for", run.model_asked
        yield "Model that answered", listed(run.models_answered) or "no model was asked"
        inside = run.local or run.endpoint == "embedded"
        yield "Where", "this computer or network" if inside else run.endpoint
        if run.embedding:
            yield "Vectors of passages and codes", f"{run.embedding} at {run.embedding_endpoint}"
        yield "Run", f"{run.id}, {run.status}, {run.started_at} to {run.ended_at or '–'}"
        yield "Runs of this recipe", str(run.repeats)
        asked = run.model_asked != "none"
        if run.shortlist_by:
            yield "Shortlist made by", run.shortlist_by
        yield (
            "Strategy and prompt",
            f"{run.strategy}; "
            + (f"{run.prompt}, {run.prompt_sha256}" if asked else "no prompt was sent"),
        )
        yield "Codebook", run.codebook_sha256
        yield "Recipe", run.recipe_sha256
        yield "Parameters", ", ".join(f"{k} = {v}" for k, v in run.parameters.items()) or "–"
        yield "Calibrated on others", how_many(run.calibrated, "transcript")
        yield "Software", ", ".join(f"{k} {v}" for k, v in run.versions.items())
    yield "Configurations tried", str(facts.configurations)
    who_looked = listed(f"{who}: {n}" for who, n in facts.looks)
    kinds = f" ({looked_at(facts.looks_by_kind)})" if facts.looks else ""
    yield "Looks at the evidence", f"{who_looked}{kinds}" or "none"
    found = facts.measured
    if found is not None:
        yield "Measured", found.made_at[:10]
        yield (
            "Units",
            f"{how_many(found.coverage.units, found.coverage.unit)}; interviewers' speech "
            f"{'counted' if found.coverage.interviewers_counted else 'not counted'}",
        )
        yield "A span counts if it covers", found.coverage.rule
        yield (
            "Intervals",
            f"{found.level:.0%}, {found.method}, seed {found.seed}, whole transcripts",
        )
        yield "Policy", found.policy_sha256
    d = facts.decisions
    if d is not None:
        yield "Suggestions", f"{d.suggestions} ({d.open} open)"
        yield "Accepted one by one", str(d.accepted_singly)
        yield "Accepted many at a time", str(d.accepted_unread)
        yield "Rejected, amended", f"{d.rejected}, {d.amended}"
        yield "Overrides", str(len(d.overrides))
    yield (
        "Audits",
        listed(
            f"{a.id} ({ {True: 'passed', False: 'not passed', None: 'open'}[a.passed] })"
            for a in facts.audits
        )
        or "none",
    )


def _agreement(found: Evaluation) -> Iterator[Block]:
    rows: list[tuple[str, Series, Interval, int]] = []
    people, model = found.people, found.model
    if people is not None:
        values, rest = people.together.pooled.values, interviews_of(people.each)
        rows += [(f"{name}, people", PEOPLE, values[key], rest) for key, name in _COEFFICIENTS]
    if model is not None:
        values, rest = model.summary.pooled.values, interviews_of(model.each)
        rows += [(f"{name}, model", MODEL, values[key], rest) for key, name in _COEFFICIENTS]
        if model.difference is not None:
            same = {"kappa": model.difference, **model.beside}
            both = min(rest, interviews_of(people.each)) if people else rest
            rows += [
                (f"{name}, people on the same units", PEOPLE, same[key].pooled.person_person, both)
                for key, name in _COEFFICIENTS
                if key in same
            ]
    shown = [
        (name, series, for_a_paper(value, on, found.method))
        for name, series, value, on in rows
        if is_defined(value.estimate)
    ]
    if not shown:
        return
    yield Table(
        "methods-agreement",
        "All codes together",
        (Column("Figure"), Column("Value with interval")),
        tuple((Cell(name), Cell(measured(value))) for name, _, value in shown),
    )
    series = tuple(dict.fromkeys(s for _, s, _ in shown))
    yield Chart(
        "plot-methods",
        "Agreement, all codes together",
        "Coefficients with their intervals. The numbers are in the table above.",
        "agreement",
        tuple(name for name, _, _ in shown),
        series,
        tuple(m for name, s, v in shown if (m := mark(name, s, v)) is not None),
        offset=False,
        highest=1.0,
    )


_COEFFICIENTS = (("kappa", "Kappa"), ("ac1", "AC1"), ("alpha", "Alpha"), ("f1", "F1"))
