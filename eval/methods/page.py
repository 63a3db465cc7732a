"""The paragraphs and the table of a methods section, drawn from facts; gaps are marked.

A gap reads ``[what: not known to the program]``: a person has to fill it, and a reader sees at once
where somebody has not.
"""

from __future__ import annotations

from collections.abc import Iterator

from eval.evaluation.results import Evaluation
from eval.intervals.coverage_table import measured_coverage
from eval.intervals.resampling import Interval
from eval.methods.facts import Facts, RunFact
from eval.report.charts import MODEL, PEOPLE, Chart, Series, mark
from eval.report.document import Block, Cell, Column, Document, Note, Section, Table, Text
from eval.report.wording import how_many, listed, looked_at, measured, share
from eval.statistics.values import is_defined

__all__ = ["gap", "methods_document", "paragraphs"]

_EXPOSURES = {
    "independent": "without seeing other codes (as the researchers state)",
    "blind": "blind, in the program",
    "unknown": "with no record of what they had seen",
    "adjudicated": "by adjudicating earlier codes",
    "after-model": "after seeing the model's suggestions",
}
_METHODS = {
    "jackknife-t": "by leaving out one interview at a time (jackknife, Student's t)",
    "percentile": "by drawing interviews again (bootstrap, percentiles)",
    "bca": "by drawing interviews again (bootstrap, BCa)",
}


def gap(what: str) -> str:
    return f"[{what}: not known to the program]"


def methods_document(facts: Facts) -> Document:
    texts = paragraphs(facts)
    sections = [
        Section(
            "paragraph",
            "For the methods section",
            tuple(
                [Text(text) for text in texts]
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


def paragraphs(facts: Facts) -> tuple[str, ...]:
    """Material, people, model, agreement, use: one paragraph each, where there is something."""
    made = [_material(facts), _people(facts)]
    if facts.run is not None:
        made.append(_model(facts, facts.run))
    if facts.measured is not None:
        made.append(_agreed(facts, facts.measured))
    if facts.decisions is not None:
        made.append(_use(facts))
    made.append(
        f"{gap('Consent and ethics approval')} {gap('Availability of data and codebook')} The "
        f"analysis used {facts.program}"
        + (f" on Python {facts.run.versions.get('python', '')}" if facts.run else "")
        + "."
    )
    return tuple(made)


def _material(facts: Facts) -> str:
    spoken = listed(
        f"{n} in {name}" if name != "not stated" else f"{n} in {gap('language')}"
        for name, n in facts.languages.items()
    )
    out = (
        f" {how_many(len(facts.withdrawn), 'interview')} "
        f"{'was' if len(facts.withdrawn) == 1 else 'were'} withdrawn and erased."
        if facts.withdrawn
        else ""
    )
    return (
        f"The material is {how_many(facts.transcripts, 'interview transcript')} ({spoken}) with "
        f"{facts.words:,} words in {facts.passages:,} passages. "
        f"{gap('How participants were found')}{out}"
    )


def _people(facts: Facts) -> str:
    if not facts.coders:
        return f"No person's codes are in the study. {gap('Who coded')}"
    said = []
    for c in facts.coders:
        how = listed(f"{n} {_EXPOSURES.get(kind, kind)}" for kind, n in c.exposures.items())
        said.append(f"{c.name} coded {how_many(c.transcripts, 'interview')} ({how})")
    versions = how_many(facts.codebook_versions, "version")
    return (
        f"{'; '.join(said)}. {facts.doubly_coded} "
        f"{'interview was' if facts.doubly_coded == 1 else 'interviews were'} coded by two people "
        f"or more. {gap('Training of the coders and how they were chosen')} The codebook has been "
        f"through {versions} that the program has seen. {gap('How the codebook was developed')}"
    )


def _model(facts: Facts, run: RunFact) -> str:
    where = (
        "on the researchers' own computer or network, so that no transcript left it"
        if run.local
        else f"at {run.endpoint}"
    )
    settings = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in run.parameters.items())
    answered = listed(run.models_answered) or run.model_asked
    asked = f" (asked for as {run.model_asked})" if answered != run.model_asked else ""
    fitted = (
        f" Suggestions in {how_many(run.calibrated, 'interview')} were calibrated on other "
        "interviews only."
        if run.calibrated
        else ""
    )
    who = (
        f"A language model, {answered}{asked},"
        if run.model_asked != "none"
        else "The program's own statistics of words and meanings, no language model being asked,"
    )
    hidden = " Names were replaced before anything was sent." if run.pseudonyms else ""
    others = (
        f"{how_many(facts.configurations, 'configuration')} of model, prompt and codebook "
        f"{'was' if facts.configurations == 1 else 'were'} tried"
    )
    total = sum(n for _, n in facts.looks)
    return (
        f"{who} coded {how_many(run.transcripts, 'interview')} "
        f"between {run.started_at[:10]} and {run.ended_at[:10] or gap('end of the run')}, {where}. "
        f"Strategy “{run.strategy}”, prompt {run.prompt} ({run.prompt_sha256[:19]}), codebook "
        f"{run.codebook_sha256[:19]}{', ' + settings if settings else ''}.{fitted}{hidden} In all "
        f"{others} (prompts: {listed(facts.prompts_tried)}), and the evidence was looked at "
        f"{how_many(total, 'time')}" + (f" ({looked_at(facts.looks_by_kind)})." if total else ".")
    )


def _agreed(facts: Facts, found: Evaluation) -> str:
    rests = found.coverage
    level = f"{found.level:.0%}"
    n = len(rests.transcripts)
    made = [
        f"Agreement was measured on {rests.units:,} {rests.unit}s of {how_many(n, 'interview')} "
        f"and {how_many(len(found.code_names), 'code')}; a marked passage counts in a "
        f"{rests.unit} if it covers {rests.rule}. {level} intervals were made "
        f"{_METHODS.get(found.method, found.method)}, whole interviews being what chance draws."
    ]
    known = measured_coverage(n, found.method)
    if n < 20 and known is not None:
        made.append(f"In simulations {known}.")
    if found.people is not None:
        values = found.people.together.pooled.values
        made.append(
            f"Between people: Cohen's kappa {measured(values['kappa'])}, AC1 "
            f"{measured(values['ac1'])}, Krippendorff's alpha {measured(found.people.alpha)}, F1 "
            f"{measured(values['f1'])}, all codes together; mean kappa of codes "
            f"{measured(found.people.together.macro['kappa'])}."
        )
    if found.model is not None:
        values = found.model.summary.pooled.values
        made.append(
            f"Between the model and each person, averaged: kappa {measured(values['kappa'])}, AC1 "
            f"{measured(values['ac1'])}, precision {measured(values['precision'])}, recall "
            f"{measured(values['recall'])}, F1 {measured(values['f1'])}."
        )
        if found.model.difference is not None:
            between = found.model.difference.pooled
            made.append(
                "On the units that two people and the model coded, people reach "
                f"{measured(between.person_person)} with each other (the ceiling) and the model "
                f"{measured(between.model_person)} with them, a difference of "
                f"{measured(between.difference, sign=True)}."
            )
        lanes: dict[str, int] = {}
        for v in found.model.verdicts:
            lanes[v.lane] = lanes.get(v.lane, 0) + 1
        if lanes:
            made.append(
                "By the study's policy "
                + listed(
                    f"{how_many(n, 'code')} {'is' if n == 1 else 'are'} “{lane}”"
                    for lane, n in lanes.items()
                )
                + "."
            )
    left = rests.left_out
    out = left.out_of_scope + left.too_small + left.only_interviewer
    made.append(
        f"{how_many(out, 'coding')} and {how_many(len(rests.left_out_codes), 'code')} were left "
        "out (outside what was coded, too small, only in interviewers' speech; not in the "
        "codebook or not measured)."
    )
    return " ".join(made)


def _use(facts: Facts) -> str:
    d = facts.decisions
    assert d is not None
    if not d.suggestions:
        return "The model made no suggestion."
    accepted = d.accepted_singly + d.accepted_unread
    made = [
        f"Of {d.suggestions:,} suggestions {accepted:,} were accepted, {d.rejected:,} rejected and "
        f"{d.amended:,} amended"
        + (f" by {listed(d.reviewers)}" if d.reviewers else "")
        + f"; {d.open:,} are open."
    ]
    if accepted:
        made.append(
            f"{share(d.accepted_unread / accepted)} of the accepted ones were accepted many at a "
            "time, without being read one by one."
        )
    if facts.audits:
        made += [
            f"Audit {a.id} of {how_many(a.transcripts, 'interview')}: "
            + (
                a.sentence
                or {True: "passed.", False: "not passed.", None: "not finished."}[a.passed]
            )
            for a in facts.audits
        ]
    else:
        made.append("No random part of the model's codes was audited.")
    for code, n, because, who, undone in d.overrides:
        made.append(
            f"Against the evidence, {who} accepted {n} suggestions of “{code}” at once"
            + (" (undone since)" if undone else "")
            + f": “{because}”."
        )
    if not d.overrides:
        made.append("No rule of the policy was overridden.")
    return " ".join(made)


# --- the table -----------------------------------------------------------------------------------


def _table(facts: Facts) -> Table:
    return Table(
        "methods-table",
        "What determines the codes and figures",
        (Column("What"), Column("Value", long=True)),
        tuple((Cell(name), Cell(text or "–")) for name, text in _rows(facts)),
    )


def _rows(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "Transcripts", f"{facts.transcripts}, {facts.passages:,} passages, {facts.words:,} words"
    yield "Languages", listed(f"{name} ({n})" for name, n in facts.languages.items())
    yield "Withdrawn", listed(facts.withdrawn) or "none"
    for c in facts.coders:
        yield (
            f"Coder {c.name}",
            f"{how_many(c.transcripts, 'transcript')}, {how_many(c.codings, 'coding')}; "
            + listed(f"{kind} in {n}" for kind, n in c.exposures.items()),
        )
    yield "Coded by two or more", how_many(facts.doubly_coded, "transcript")
    yield "Training of coders", gap("training of coders")
    yield "Ethics approval", gap("ethics approval")
    run = facts.run
    if run is not None:
        yield "Model asked for", run.model_asked
        yield "Model that answered", listed(run.models_answered) or "no model was asked"
        yield "Where", "this computer or network" if run.local else run.endpoint
        yield "Run", f"{run.id}, {run.status}, {run.started_at} to {run.ended_at or '–'}"
        yield "Runs of this recipe", str(run.repeats)
        yield "Strategy and prompt", f"{run.strategy}; {run.prompt}, {run.prompt_sha256}"
        yield "Codebook", run.codebook_sha256
        yield "Recipe", run.recipe_sha256
        yield "Parameters", ", ".join(f"{k} = {v}" for k, v in run.parameters.items())
        yield "Calibrated on others", how_many(run.calibrated, "transcript")
        yield "Software", ", ".join(f"{k} {v}" for k, v in run.versions.items())
    yield "Configurations tried", str(facts.configurations)
    who_looked = listed(f"{who}: {n}" for who, n in facts.looks)
    kinds = f" ({looked_at(facts.looks_by_kind)})" if facts.looks else ""
    yield "Looks at the evidence", f"{who_looked}{kinds}" or "none"
    found = facts.measured
    if found is not None:
        yield "Units", f"{found.coverage.units:,} {found.coverage.unit}s"
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
        yield "Accepted unread", str(d.accepted_unread)
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
    rows: list[tuple[str, Series, Interval]] = []
    people, model = found.people, found.model
    if people is not None:
        values = people.together.pooled.values
        rows += [(f"{name}, people", PEOPLE, values[key]) for key, name in _COEFFICIENTS]
    if model is not None:
        values = model.summary.pooled.values
        rows += [(f"{name}, model", MODEL, values[key]) for key, name in _COEFFICIENTS]
        if model.difference is not None:
            rows.append(
                ("Kappa, people on the same units", PEOPLE, model.difference.pooled.person_person)
            )
    rows = [row for row in rows if is_defined(row[2].estimate)]
    if not rows:
        return
    yield Table(
        "methods-agreement",
        "All codes together",
        (Column("Figure"), Column("Value with interval")),
        tuple((Cell(name), Cell(measured(value))) for name, _, value in rows),
    )
    series = tuple(dict.fromkeys(s for _, s, _ in rows))
    yield Chart(
        "plot-methods",
        "Agreement, all codes together",
        "Coefficients with their intervals. The numbers are in the table above.",
        "agreement",
        tuple(name for name, _, _ in rows),
        series,
        tuple(m for name, s, v in rows if (m := mark(name, s, v)) is not None),
        offset=False,
        highest=1.0,
    )


_COEFFICIENTS = (("kappa", "Kappa"), ("ac1", "AC1"), ("alpha", "Alpha"), ("f1", "F1"))
