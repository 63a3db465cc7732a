"""The answer in plain words: what was measured, on what, and what came out.

Where a figure cannot tell, the sentence says so: an interval that holds 0 is never "better", and an
interval that is missing is never left out of the sentence.
"""

from __future__ import annotations

from operator import attrgetter

from eval.evaluation.figures import Summary
from eval.evaluation.results import Evaluation, ModelResult, PeopleResult
from eval.intervals.resampling import Interval
from eval.report.agreement import LABELS
from eval.report.document import Block, Note, Section, Text
from eval.report.holding import in_a_few_words, next_to_nothing
from eval.report.sides import least_for, shown_above, side_of
from eval.report.view import View, used
from eval.report.wording import how_many, listed, measured, number
from eval.statistics.values import is_defined

__all__ = ["answer", "limits"]

_BASELINES = {
    "word statistics": "counting words",
    "commonest": "giving every unit the commonest code",
    "never": "never giving any code",
    "random": "chance",
}


def answer(view: View) -> Section:
    found = view.evaluation
    blocks: list[Block] = []
    if found.model is not None:
        blocks.append(Text(" ".join(_model(view, found.model)), lead=True))
    else:
        blocks.append(Text(" ".join(_people(view, found.people)), lead=True))
    blocks.append(Text(_how_to_read(found)))
    blocks += [Note(text) for text in limits(view)]
    return Section("answer", "In short", tuple(blocks))


def _beside(summary: Summary) -> str:
    """The coefficients that never leave kappa alone."""
    values = summary.pooled.values
    return f"F1 {number(values['f1'].estimate)}, AC1 {number(values['ac1'].estimate)}"


def _model(view: View, model: ModelResult) -> list[str]:
    run = view.evaluation.run
    who = f"run {run.id} ({run.model})" if run else "the model"
    people = view.measured_people
    said = [
        f"On {how_many(len(view.model_transcripts), 'transcript')} {who} agrees with "
        f"{listed(people)} at kappa {measured(model.summary.pooled.values['kappa'])}, all codes "
        f"together ({_beside(model.summary)}).",
        _with_people(model),
    ]
    return [*said, _against_baselines(view), *_lanes(view)]


def _with_people(model: ModelResult) -> str:
    difference = model.difference
    if difference is None or not is_defined(difference.pooled.person_person.estimate):
        return (
            "No two people coded what the model coded, so nothing says how well people agree "
            "there, and whether the model agrees as well as a person would cannot be told."
        )
    row = difference.pooled
    # The same cells for both: where not everybody coded everything the model's figure is another.
    theirs, its = (
        "".join(
            f", {LABELS[key]} {number(side(one.pooled).estimate)}"
            for key, one in model.beside.items()
        )
        for side in (attrgetter("person_person"), attrgetter("model_person"))
    )
    return (
        f"People agree with each other at kappa {measured(row.person_person)}{theirs} on the units "
        "that two of them and the model coded, the model with them at "
        f"{number(row.model_person.estimate)}{its}: "
        + _compared(
            row.difference,
            "it agrees with people more than they do with each other",
            "it agrees with people less than they do with each other",
            "which of the two agree better cannot be told",
        )
    )


def _compared(apart: Interval, above: str, below: str, unclear: str) -> str:
    """A verdict of words on a difference; ``unclear`` unless the whole interval is on one side and
    rests on enough transcripts."""
    if not is_defined(apart.estimate):
        return f"{unclear} ({apart.estimate.reason})."
    if not (is_defined(apart.low) and is_defined(apart.high)):
        return f"{unclear} (difference {measured(apart, sign=True)})."
    shown = f"(difference {measured(apart, sign=True)})"
    side = side_of(apart)
    if side == "too few":
        return (
            f"{unclear}: {how_many(apart.transcripts, 'transcript')} cannot show it, whatever the "
            f"interval; at least {least_for(apart)} are needed {shown}."
        )
    if side == "unclear":
        return f"{unclear} {shown[:-1]}, which includes 0)."
    return f"{above if side == 'above' else below} {shown}."


def _against_baselines(view: View) -> str:
    best = view.best_baseline
    if best is None:
        return "It was set beside no baseline."
    what = _BASELINES.get(best.name, best.name)
    return _compared(
        best.over_pooled,
        f"It is better than {what}, the best of the baselines",
        f"It is worse than {what}, the best of the baselines: a method without any understanding "
        "does better",
        f"It is not shown to be better than {what}, the best of the baselines",
    )


def _lanes(view: View) -> list[str]:
    verdicts = view.verdicts
    if not verdicts:
        return ["No code has a verdict, so none may be accepted unread."]
    accepted = [view.label(v.code) for v in verdicts if v.lane == "accept"]
    if accepted:
        return [
            f"{len(accepted)} of {how_many(len(verdicts), 'code')} may be accepted without reading "
            f"each suggestion, once a batch has passed its audit: {listed(accepted)}. For all "
            "other codes a person decides on each suggestion."
        ]
    if all(v.lane == "unproven" for v in verdicts):
        return [
            "No code may be accepted unread: for every code there is too little evidence "
            "(unproven). That is a finding, not a failure; suggestions can be read and decided "
            "one by one."
        ]
    return ["No code may be accepted unread: a person decides on each suggestion."]


def _people(view: View, people: PeopleResult | None) -> list[str]:
    if people is None:
        there = how_many(len(view.evaluation.coverage.transcripts), "transcript")
        return [
            f"Nothing can be said about agreement yet: of {there} none was coded by two people. "
            "Have a second person code some of them independently, then evaluate again."
        ]
    worst = people.together.worst_transcript["kappa"]
    said = [
        f"On {how_many(len(view.people_transcripts), 'transcript')} that two people coded, people "
        f"({listed(view.measured_people)}) agree with each other at kappa "
        f"{measured(people.together.pooled.values['kappa'])}, all codes together "
        f"({_beside(people.together)}).",
    ]
    if is_defined(worst.value) and len(view.people_transcripts) > 1:
        said.append(f"They agree least on {worst.name} (kappa {number(worst.value)}).")
    said.append(_shown(people))
    said.append(
        f"On whether a {view.evaluation.coverage.unit} is worth any code at all, they agree at "
        f"kappa {measured(people.any_code)}"
        + (f", F1 {number(people.any_code_f1.estimate)}." if people.any_code_f1 else ".")
    )
    said.append("No model was measured, so no code has a lane and nothing may be accepted unread.")
    return said


def _shown(people: PeopleResult) -> str:
    """How many codes are known to be agreed on at all; needs no policy."""
    rows = [row for row in people.together.codes if used(row)]
    shown = shown_above(row.values["kappa"] for row in rows)
    if not rows:
        return "They used no code that is measured."
    return (
        f"Of {how_many(len(rows), 'code')} that they used, {shown or 'none'} "
        f"{'is' if shown == 1 else 'are'} shown to be agreed on more than by chance (interval "
        "above 0, controlled for how many codes are looked at); for the others that cannot be told."
        if shown < len(rows)
        else f"On all {how_many(len(rows), 'code')} that they used they are shown to agree more "
        "than by chance (intervals above 0, controlled for how many codes are looked at)."
    )


def _how_to_read(found: Evaluation) -> str:
    return (
        f"Square brackets hold what these transcripts allow ({_level(found)}), made from whole "
        "transcripts: a figure whose interval is wide is not known well. Kappa is 1 where two "
        "coders always say the same and 0 where they agree no more often than chance would. No "
        "coefficient says enough alone; read the counts beside it."
    )


def _level(found: Evaluation) -> str:
    result = found.model or found.people
    resting = len({p.transcript for p in result.each}) if result is not None else 0
    return in_a_few_words(resting, found.method, found.level)


def limits(view: View) -> list[str]:
    """What a reader must know before quoting the figures."""
    found = view.evaluation
    said: list[str] = []
    on = view.people_transcripts if found.model is None else view.model_transcripts
    said += next_to_nothing(len(on))
    if view.evidence_words:
        said.append(view.evidence_words)
    if found.model is not None:
        if found.run is not None and found.run.status != "complete":
            why = f": {found.run.why}" if found.run.why else ""
            said.append(f"The run is {found.run.status}{why}.")
        if found.model.failed_segments:
            said.append(
                f"The model's coding failed for "
                f"{how_many(found.model.failed_segments, 'segment')}. They are missing from every "
                "figure and never counted as “no code”."
            )
        provisional = dict.fromkeys(
            v.evidence.provisional for v in found.model.verdicts if v.evidence.provisional
        )
        said += [f"Provisional: {text}." for text in provisional]
    standing = [o for o in found.overrides if not o.undone]
    if standing:
        said.append(
            f"{how_many(len(standing), 'bulk decision')} of this study "
            f"{'was' if len(standing) == 1 else 'were'} made against the evidence; see “Decisions "
            "against the evidence”."
        )
    if view.withdrawn_since:
        said.append(
            f"Withdrawn since this was measured: {listed(view.withdrawn_since)}. The figures here "
            "still rest on what is erased now. Do not use them; evaluate again."
        )
    return said
