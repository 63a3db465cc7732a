"""What to do next, in the words of the command line, the most useful first.

Pure functions of what is there and what is open; `assistant.guide.overview` looks both up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.codebook.records import Code
from assistant.counting import coder_transcripts, counted

__all__ = [
    "ENDPOINT_EVENT",
    "Work",
    "definitions_wait",
    "name_steps",
    "steps_of_the_work",
    "undefined_codes",
    "waiting_steps",
    "with_waiting",
]

_NOTHING = "Nothing is open"
ENDPOINT_EVENT = "endpoint-set"
"""What is recorded when somebody says where the model is."""


def with_waiting(first: list[str], last: list[str], steps: list[str]) -> tuple[str, ...]:
    """The steps of the work between what waits for a person's word; "nothing is open" only where
    that is true."""
    if first or last:
        steps = [step for step in steps if not step.startswith(_NOTHING)]
    return (*first, *steps, *last)


def waiting_steps(
    open_conflicts: int, files: Sequence[str], asked: Sequence[str] = ()
) -> list[str]:
    """What waits for a person before any other work: conflicts, files not in the study, and
    ``asked``, files of which something was asked that nobody has answered."""
    steps = []
    if asked:
        files = [file for file in files if file not in asked]
        named = ", ".join(asked[:3]) + (" and others" if len(asked) > 3 else "")
        steps.append(
            f"Answer what was asked about {counted(len(asked), 'file')} of transcripts/ "
            f"({named}): secondcoder import"
        )
    if open_conflicts:
        steps.append(
            f"Settle {counted(open_conflicts, 'conflict')} between "
            "merged studies: secondcoder merge --conflicts"
        )
    if files:
        named = ", ".join(files[:3]) + (" and others" if len(files) > 3 else "")
        steps.append(
            f"Bring in {counted(len(files), 'file')} of transcripts/ that "
            f"{'is' if len(files) == 1 else 'are'} not in the study yet ({named}): "
            "secondcoder import (what is no interview: secondcoder import FILE --set-aside)"
        )
    return steps


def name_steps(proposed: int) -> list[str]:
    """What waits on the list of pseudonyms."""
    if not proposed:
        return []
    return [
        f"Confirm or refuse {counted(proposed, 'proposed name')}, since nothing is "
        "replaced before: secondcoder pseudonyms list"
    ]


def undefined_codes(codes: Sequence[Code]) -> tuple[str, ...]:
    """Labels of the codes that a model would know by their name alone."""
    return tuple(code.label for code in codes if not code.definition.strip())


def definitions_wait(undefined: int, *, gone_on: bool) -> bool:
    """Whether codes without a definition are the next step, on the pages as on the command line.

    ``gone_on``: the model was chosen, or there is a run. Somebody may go on without definitions;
    having done so, she is not sent back each time.
    """
    return undefined > 0 and not gone_on


@dataclass(frozen=True)
class Work:
    """What there is of a study, and how far it has come."""

    transcripts: bool
    codes: int
    problem: str
    """Why the codebook cannot be used; empty where it can."""
    coded: bool
    unknown: int
    """Coders' transcripts of which nobody said what had been seen."""
    last_run: int | None
    """Its number; the four that follow are about it."""
    unfinished: bool
    measured: bool
    open_suggestions: bool
    then: str
    """The command that comes after it."""
    endpoint_problem: str = ""
    evaluate_again: int | None = None
    """A run whose verdicts are void, for the reasons in ``void``."""
    void: tuple[str, ...] = ()
    recode: Mapping[str, int] = field(default_factory=dict)
    """Code -> codings that were made before its definition was changed."""
    policy_problem: str = ""
    policy_file: str = ""
    people_measured: bool = False
    unsplit: int = 0
    undefined: int = 0
    """Codes without a definition, where these wait for her (`definitions_wait`)."""
    together: bool = True
    """Two people coded the same transcript, so that there is something to compare."""


def steps_of_the_work(work: Work) -> list[str]:
    """From the first import to decisions on suggestions; never empty."""
    if not work.transcripts:
        return ["Bring in interviews: secondcoder import PATH …"]
    steps = [*_to_mend(work), *_with_people(work), *_with_a_model(work), *_with_its_run(work)]
    return steps or [f"{_NOTHING}. Code further transcripts with: secondcoder code NAME …"]


def _to_mend(work: Work) -> list[str]:
    """What stands in the way: the endpoint, the policy, the codebook."""
    steps: list[str] = []
    if work.endpoint_problem:
        steps.append(work.endpoint_problem)
    if work.policy_problem.startswith("there is no "):
        steps.append(
            f"Put the policy back ({work.policy_problem}): it holds the bars that codes are judged "
            "by, and without it nothing is measured (secondcoder init FOLDER makes another study, "
            "with a new one to copy)"
        )
    elif work.policy_problem:
        steps.append(
            f"Mend {work.policy_file} ({work.policy_problem}): it holds the bars that codes are "
            "judged by, and without it nothing is measured"
        )
    if work.problem.startswith("there is no "):
        steps.append(
            f"Make a codebook ({work.problem}): put yours there, or take people's codes with "
            "secondcoder codebook derive"
        )
    elif work.problem:
        steps.append(f"Mend the codebook ({work.problem}): secondcoder codebook check")
    if not work.codes and not work.problem:
        steps.append(
            "Make a first codebook from people's codes: secondcoder codebook derive"
            if work.coded
            else "Bring in what people coded (secondcoder import FILE …), take your codebook from "
            "a table (secondcoder codebook import FILE), or write it into codebook/codebook.yaml"
        )
    return steps


def _with_people(work: Work) -> list[str]:
    """What people's codes, and what rests on them, wait for."""
    steps: list[str] = []
    if work.unknown:
        steps.append(
            f"Say what the coders had seen ({coder_transcripts(work.unknown)}), or their codes "
            "count towards no verdict: secondcoder transcripts --set-exposure independent"
        )
    if work.undefined:
        which = "the" if work.undefined == work.codes else f"{work.undefined} of the"
        steps.append(
            f"Write definitions for {which} {counted(work.codes, 'code')}, since a model sees "
            "nothing but the name otherwise: secondcoder codebook check"
        )
    if work.recode:
        total = sum(work.recode.values())
        named = ", ".join(list(work.recode)[:3]) + (" and others" if len(work.recode) > 3 else "")
        steps.append(
            f"Look again at {counted(total, 'coding')} of {named}, made "
            "before the definition was changed: secondcoder codebook history"
        )
    if work.evaluate_again is not None:
        steps.append(
            f"The last verdicts do not count any more ({'; '.join(work.void)}). Evaluate again: "
            f"secondcoder evaluate --run {work.evaluate_again}"
        )
    return steps


def _with_a_model(work: Work) -> list[str]:
    """From people's agreement to a run."""
    steps: list[str] = []
    if work.codes and work.unfinished:
        steps.append("Go on with the unfinished run: the same `secondcoder code …` again")
    if work.codes and work.coded and not work.together and work.last_run is None:
        steps.append(
            "Have a second person code some of the transcripts without seeing the first one's "
            "codes, so that it can be measured how well people agree: secondcoder import PATH …"
        )
    if (
        work.codes
        and work.coded
        and work.together
        and work.last_run is None
        and not work.people_measured
    ):
        steps.append("See how well people agree: secondcoder evaluate")
    if work.codes and work.unsplit:
        steps.append(
            f"Keep some of the {work.unsplit} coded transcripts for the test before you try "
            "prompts and settings: secondcoder split --draw"
        )
    if work.codes and work.last_run is None:
        steps.append(
            "Let the model code transcripts that people have coded too, so that it can be "
            "measured: secondcoder code NAME …"
        )
    return steps


def _with_its_run(work: Work) -> list[str]:
    """What to do with the last run."""
    if work.last_run is None:
        return []
    steps: list[str] = []
    decide = (
        f"decide on suggestions: secondcoder runs {work.last_run} --suggestions, secondcoder "
        "accept NUMBER …"
    )
    if "--ranking" in work.then:
        steps.append(
            f"Run {work.last_run} suggests nothing, because nothing could be calibrated: code a "
            f"few interviews yourself and bring them in. Until then see its ranking: {work.then}"
        )
    if "evaluate" in work.then and not work.measured:
        steps.append(f"Measure the run against people: {work.then}")
    elif work.open_suggestions and "audit" in work.then and work.coded:
        steps.append(
            f"Nobody coded what run {work.last_run} coded. Before many suggestions may be accepted "
            f"at once: {work.then}. Or {decide}"
        )
    elif work.open_suggestions and work.measured:
        steps.append(f"Read the report (secondcoder report), then {decide}")
    elif work.open_suggestions:
        steps.append(f"{decide[0].upper()}{decide[1:]}")
    return steps
