"""How it was measured, which run it was, and what the coefficients mean."""

from __future__ import annotations

from eval.evaluation.results import Evaluation, RunFacts
from eval.report.document import Block, Bullets, Cell, Column, Note, Section, Table, Terms, Text
from eval.report.holding import how_intervals_hold
from eval.report.view import View
from eval.report.wording import how_many, listed

__all__ = ["GLOSSARY", "method"]

_SEVERAL = "Where one figure stands with several intervals, each is of its own units or average: "
_AVERAGES = "a mean over pairs weighs each pair alike, and one table weighs each unit alike"
_BESIDE = (
    "in the first answer and beside the model it is of what the model coded too, under “People "
    "with each other” of all that two people coded"
)
_LANES = (
    "a lane goes by the lower end “over all codes”, which is further down because many codes are "
    "looked at at once"
)

_METHODS = {
    "jackknife-t": "by leaving out one transcript at a time (jackknife, Student's t)",
    "percentile": "by drawing transcripts again (bootstrap, percentiles)",
    "bca": "by drawing transcripts again (bootstrap, BCa)",
}

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "Both, only one, neither",
        "Units on which both coders gave the code, only one did, or neither did. Everything else "
        "is computed from these four counts.",
    ),
    (
        "Kappa (Cohen)",
        "Agreement beyond what chance would give, chance being taken from how often each coder "
        "uses the code. 1: always the same; 0: as by chance; below 0: less than by chance. Low for "
        "rare codes even where coders seldom differ.",
    ),
    (
        "AC1 (Gwet)",
        "The same idea with another chance, which stays small for rare codes. High for rare codes "
        "even where coders never agree on a yes, so never read it alone.",
    ),
    (
        "Alpha (Krippendorff)",
        "Close to kappa; takes any number of coders, and units that not everybody looked at. Of "
        "people it is made from all of them at once, not from pairs.",
    ),
    (
        "F1 (agreement on yes)",
        "Of all the times either coder gave the code, how much is shared. Also called positive "
        "agreement. It does not count what neither coded.",
    ),
    ("Agreement on no", "The same for units without the code."),
    (
        "Percent agreement",
        "Share of units on which both say the same. Near 100% for every rare code.",
    ),
    ("Prevalence", "How often the code is given, as a share of units, mean of both coders."),
    (
        "Bias index",
        "How much more often the second coder gives the code than the first, as a share of units: "
        "0 where both give it equally often. Far from 0 beside the prevalence, the two draw the "
        "line at different places, and kappa cannot come near 1.",
    ),
    (
        "Precision and recall",
        "With a person as reference: of what the model suggests, the share that the person gave "
        "too; of what the person gave, the share that the model suggests.",
    ),
    (
        "Over-coding",
        "How often the model gives the code for each time that the person does. Above 1: more "
        "often.",
    ),
    (
        "Interval",
        "Where the figure may well lie for other interviews like these. With few interviews it is "
        "wide, and where there is none, a single interview is all that is known.",
    ),
    (
        "Undefined (–)",
        "The figure does not exist, for the reason in the footnote. It is not 0: “nobody used this "
        "code” is not “no agreement”.",
    ),
)


def method(view: View) -> tuple[Section, ...]:
    found = view.evaluation
    sections = [Section("method", "How it was measured", _intervals(found))]
    if found.run is not None:
        sections.append(Section("calibration", "Calibration", _calibration(found.run), level=3))
    sections.append(Section("facts", "To repeat it", (_facts(view),), level=3))
    words = Text(
        "There is no figure from which on agreement is “good”. Labels such as “moderate” or "
        "“substantial” are a convention without a basis in evidence, and are not used here. Set a "
        "figure beside what people reach with each other, and beside the baselines."
    )
    sections.append(Section("glossary", "How to read the coefficients", (words, Terms(GLOSSARY))))
    return tuple(sections)


def _intervals(found: Evaluation) -> tuple[Block, ...]:
    how = _METHODS.get(found.method, found.method)
    return (
        Bullets(
            (
                f"Intervals hold {found.level:.0%} and are made {how}. {_drawn(found)} Passages of "
                "one interview resemble each other, so whole transcripts are the unit of chance.",
                *how_intervals_hold(found),
                _which(found),
                "People are compared with people and the model with each person, never with a "
                "consensus. A figure of the model is the mean over people. One of people with each "
                "other is of one table of all their pairs, and beside the model the mean over "
                "pairs.",
                "The model and people are set beside each other on the same units, and code by "
                "code or as a mean over codes only on codes of which all of them have a figure.",
            )
        ),
    )


def _which(found: Evaluation) -> str:
    said = [_BESIDE, _AVERAGES, _LANES] if found.model is not None else [_AVERAGES]
    return _SEVERAL + "; ".join(said) + "."


def _drawn(found: Evaluation) -> str:
    """What chance is used for, and what not."""
    if found.method != "jackknife-t":
        return f"{how_many(found.resamples, 'draw')}, seed {found.seed}."
    others = []
    if found.model is not None:
        others.append("the baseline “random”")
    if found.more is not None and found.more.planning is not None and found.more.planning.codes:
        others.append("the chances under “What to double-code next”")
    if not others:
        return "They draw nothing at random."
    verb = "does" if len(others) == 1 and found.model is not None else "do"
    return f"They draw nothing at random; only {listed(others)} {verb} (seed {found.seed})."


def _calibration(run: RunFacts) -> tuple[Block, ...]:
    fitted = [name for name in run.transcripts if run.calibrated_on.get(name)]
    bare = [name for name in run.transcripts if not run.calibrated_on.get(name)]
    blocks: list[Block] = []
    if fitted:
        blocks.append(
            Table(
                "calibration-table",
                "Which transcripts, coded by people, each calibration had learned from",
                (Column("Transcript coded"), Column("Calibrated on")),
                tuple((Cell(n), Cell(listed(run.calibrated_on[n]))) for n in fitted),
            )
        )
    if bare:
        which = f" ({listed(bare)})" if fitted else ""
        blocks.append(
            Text(
                f"Not calibrated{which}: the model's answers were used as they came, and nothing "
                "was learned from people's codes."
            )
        )
    own = [name for name in fitted if name in run.calibrated_on[name]]
    if own:
        blocks.append(
            Note(
                f"Calibration had seen the transcript itself: {listed(own)}. Figures of these are "
                "not out of sample."
            )
        )
    elif fitted:
        blocks.append(Text("No calibration had seen the transcript that it was used for."))
    return tuple(blocks)


def _endpoint(run: RunFacts) -> str:
    """Where words went, also those that were only turned into vectors."""
    asked = run.endpoint
    if asked in ("", "embedded"):
        asked = (
            "no model was asked to code"
            if run.model == "none"
            else "the embedded model, on this computer"
        )
    return f"{asked}; for vectors: {run.embedding}" if run.embedding else asked


def _facts(view: View) -> Table:
    found = view.evaluation
    exact = found.method == "jackknife-t"
    facts: list[tuple[str, str]] = [
        ("Study", found.study),
        ("Measured at", found.made_at),
        ("Codebook", " ".join((found.codebook, found.codebook_version)).strip()),
        ("Codebook, hash", found.codebook_sha256),
        ("Policy, hash", found.policy_sha256),
        (
            "Intervals",
            f"{found.method}, {found.level:.0%}, "
            + ("no resamples" if exact else f"{found.resamples} resamples")
            + f", seed {found.seed}"
            + (" of what is drawn besides" if exact else ""),
        ),
    ]
    run = found.run
    if run is not None:
        facts += [
            ("Run", f"{run.id}, started {run.started_at}"),
            ("Run's state", f"{run.status}{': ' + run.why if run.why else ''}"),
            ("Coder", run.coder),
            ("Model that answered", run.model),
            ("Endpoint", _endpoint(run)),
            ("Strategy", run.strategy),
            ("Prompt", "none was sent" if run.model == "none" else run.prompt),
            ("Recipe, hash", run.recipe_sha256),
            ("Transcripts coded", listed(run.transcripts)),
        ]
        facts += [("Note of the run", note) for note in run.notes]
    return Table(
        "facts-table",
        "What determines these figures",
        (Column("What"), Column("Value", code=True)),
        tuple((Cell(name), Cell(value or "–")) for name, value in facts),
    )
