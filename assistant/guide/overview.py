"""Where a study stands and what to do next, from stored rows and files only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assistant.codebook.loading import load_codebook
from assistant.decisions.policy import policy_hash
from assistant.errors import SecondCoderError
from assistant.store.codings import scopes
from assistant.store.database import Store
from assistant.store.evidence import evaluations, standing_verdicts, verdicts
from assistant.store.runs import runs
from assistant.store.suggestions import suggestions
from assistant.store.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["Overview", "overview"]


@dataclass(frozen=True)
class Overview:
    study: str
    folder: str
    transcripts: int
    coded_by_people: int
    """Transcripts that at least one person coded."""
    double_coded: int
    """Transcripts that at least two independent people coded."""
    codings: int
    coders: tuple[str, ...]
    unknown_exposure: int
    """Coded transcripts of which it is not known what the coder had seen."""
    codes: int
    codebook_problem: str
    model: str
    runs: int
    last_run: str
    suggestions: dict[str, int]
    """Of the last run, by decision."""
    evaluations: int
    lanes: dict[str, int]
    """Of the last evaluation of a run."""
    next_steps: tuple[str, ...]
    void: tuple[str, ...] = ()
    """Why verdicts of the last evaluated run do not count any more."""


def overview(study: Study, store: Store) -> Overview:
    """What there is, and up to three things to do next, the most useful first."""
    infos = [info for info in transcript_infos(store) if not info.withdrawn]
    there = {info.id for info in infos}
    people = [s for s in scopes(store) if s.coder.kind == "human" and s.transcript_id in there]
    independent = Counter(s.transcript_id for s in people if s.exposure in ("independent", "blind"))
    unknown = sum(s.exposure == "unknown" for s in people)
    codes, problem = _codes(study)
    all_runs = runs(store)
    last = all_runs[-1] if all_runs else None
    found = [s for s in suggestions(store, last.id) if s.transcript_id in there] if last else []
    measured = [e for e in evaluations(store) if e.run_id is not None]
    lanes: Counter[str] = Counter()
    void: tuple[str, ...] = ()
    if measured:
        lanes.update(v.lane for v in verdicts(store, measured[-1].id))
        void = _void(study, store, measured[-1].id)
    endpoint = study.config.endpoint
    model = (
        f"{endpoint.model} at {endpoint.base_url}"
        if endpoint.base_url
        else "the embedded model, on this computer"
    )
    return Overview(
        study.config.name,
        str(study.folder),
        len(infos),
        len({s.transcript_id for s in people}),
        sum(n >= 2 for n in independent.values()),
        sum(info.codings for info in infos),
        tuple(sorted({s.coder.name for s in people})),
        unknown,
        codes,
        problem,
        model,
        len(all_runs),
        f"run {last.id}, {last.coder.name}, {last.status}" if last else "",
        dict(Counter(s.decision for s in found)),
        len(evaluations(store)),
        dict(lanes),
        tuple(
            _next(
                bool(infos),
                codes,
                problem,
                bool(people),
                unknown,
                last is not None,
                last is not None and last.status != "complete",
                last is not None and any(e.run_id == last.id for e in measured),
                any(s.decision == "open" for s in found),
                measured[-1].run_id if void and measured else None,
                void,
            )
        )[:3],
        void,
    )


def _void(study: Study, store: Store, evaluation_id: int) -> tuple[str, ...]:
    """Why the verdicts of an evaluation count no more, each reason once."""
    now = policy_hash(study)
    reasons: dict[str, None] = {}
    for standing in standing_verdicts(store):
        if standing.verdict.evaluation_id != evaluation_id:
            continue
        if standing.verdict.policy_sha256 != now:
            reasons["eval/policy.toml, or [units] in study.toml, was changed"] = None
        reasons |= dict.fromkeys(standing.void)
    return tuple(reasons)


def _codes(study: Study) -> tuple[int, str]:
    if not study.codebook_file.is_file():
        return 0, f"there is no {study.config.codebook}"
    try:
        return len(load_codebook(study.codebook_file).sent), ""
    except SecondCoderError as error:
        return 0, error.what.splitlines()[0]


def _next(
    transcripts: bool,
    codes: int,
    problem: str,
    coded: bool,
    unknown: int,
    has_run: bool,
    unfinished: bool,
    measured: bool,
    open_suggestions: bool,
    evaluate_again: int | None = None,
    void: tuple[str, ...] = (),
) -> list[str]:
    steps: list[str] = []
    if not transcripts:
        return ["Bring in interviews: secondcoder import PATH …"]
    if problem:
        steps.append(f"Mend the codebook ({problem}): secondcoder codebook check")
    if not codes and not problem:
        steps.append(
            "Make a first codebook from people's codes: secondcoder codebook derive"
            if coded
            else "Write codes into codebook/codebook.yaml, then: secondcoder codebook check"
        )
    if unknown:
        steps.append(
            f"Say what the coders of {unknown} coded transcripts had seen, or their codes count "
            "towards no verdict: secondcoder transcripts --set-exposure independent"
        )
    if evaluate_again is not None:
        steps.append(
            f"The last verdicts do not count any more ({'; '.join(void)}). Evaluate again: "
            f"secondcoder evaluate --run {evaluate_again}"
        )
    if codes and unfinished:
        steps.append("Go on with the unfinished run: the same `secondcoder code …` again")
    if codes and coded and not has_run:
        steps.append("See how well people agree: secondcoder evaluate")
    if codes and not has_run:
        steps.append(
            "Let the model code transcripts that people have coded too, so that it can be "
            "measured: secondcoder code NAME …"
        )
    if has_run and coded and not measured:
        steps.append("Measure the run against people: secondcoder evaluate --run NUMBER")
    if has_run and measured and open_suggestions:
        steps.append(
            "Read the report (secondcoder report), then decide on suggestions: "
            "secondcoder runs NUMBER --suggestions, secondcoder accept NUMBER …"
        )
    return steps or ["Nothing is open. Code further transcripts with: secondcoder code NAME …"]
