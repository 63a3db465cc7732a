"""Where a study stands and what to do next, from stored rows and files only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from assistant.codebook.loading import load_codebook
from assistant.counting import coder_transcripts, counted
from assistant.decisions.policy import policy_hash
from assistant.errors import SecondCoderError
from assistant.guide.unimported import not_imported
from assistant.interchange.codebook_history import needs_recoding
from assistant.store.audits import audits
from assistant.store.codings import codings, scopes
from assistant.store.conflicts import conflicts
from assistant.store.database import Store
from assistant.store.events import events
from assistant.store.evidence import evaluations, standing_verdicts, verdicts
from assistant.store.pseudonyms import pseudonyms
from assistant.store.records import RunRow
from assistant.store.reference import SPLIT_EVENT
from assistant.store.runs import runs
from assistant.store.suggestions import suggestions
from assistant.store.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["Overview", "after_run", "overview"]

_STEPS = 4
_NOTHING = "Nothing is open"


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
    last_notes: tuple[str, ...]
    """What the last run says of itself: how it was calibrated, or that it was not."""
    suggestions: dict[str, int]
    """Of the last run, by decision."""
    evaluations: int
    lanes: dict[str, int]
    """Of the last evaluation of a run."""
    next_steps: tuple[str, ...]
    void: tuple[str, ...] = ()
    """Why verdicts of the last evaluated run do not count any more."""
    recode: dict[str, int] = field(default_factory=dict)
    """Code -> people's codings of it that were made before its definition was changed, and that
    somebody has to look at again."""
    policy_problem: str = ""
    """Why nothing can be measured or judged: no ``eval/policy.toml``, or mistakes in it."""
    open_conflicts: int = 0
    """Where two merged studies say something differently and nobody has settled it."""
    proposed_names: int = 0
    """On the list of pseudonyms, neither confirmed nor refused."""
    not_imported: tuple[str, ...] = ()
    """Files in ``transcripts/`` that are in the study under no name."""


def overview(study: Study, store: Store) -> Overview:
    """What there is, and up to four things to do next, the most useful first."""
    infos = [info for info in transcript_infos(store) if not info.withdrawn]
    there = {info.id for info in infos}
    people = [s for s in scopes(store) if s.coder.kind == "human" and s.transcript_id in there]
    made = [c for c in codings(store) if c.transcript_id in there]
    independent = Counter(s.transcript_id for s in people if s.exposure in ("independent", "blind"))
    unknown = sum(s.exposure == "unknown" for s in people)
    codes, problem = _codes(study)
    policy_problem = _policy_problem(study)
    recode = _to_recode(study, store)
    all_runs = runs(store)
    last = all_runs[-1] if all_runs else None
    found = [s for s in suggestions(store, last.id) if s.transcript_id in there] if last else []
    own = evaluations(store, own=True)
    measured = [e for e in own if e.run_id is not None]
    lanes: Counter[str] = Counter()
    void: tuple[str, ...] = ()
    if measured:
        lanes.update(v.lane for v in verdicts(store, measured[-1].id))
        void = () if policy_problem else _void(study, store, measured[-1].id)
    open_conflicts = sum(not c.settled for c in conflicts(store))
    proposed = len(pseudonyms(store, "proposed"))
    waiting = not_imported(study, store)
    endpoint = study.config.endpoint
    model = (
        f"{endpoint.model or 'no model named'} at {endpoint.base_url}"
        if endpoint.base_url
        else "the embedded model, on this computer"
    )
    return Overview(
        study.config.name,
        str(study.folder),
        len(infos),
        len({s.transcript_id for s in people}),
        sum(n >= 2 for n in independent.values()),
        len(made),
        tuple(sorted({s.coder.name for s in people} | {c.coder.name for c in made})),
        unknown,
        codes,
        problem,
        model,
        len(all_runs),
        f"run {last.id}, {last.coder.name}, {last.standing}" if last else "",
        tuple(last.header.get("notes", ())) if last else (),
        dict(Counter(s.decision for s in found)),
        len(own),
        dict(lanes),
        _with_waiting(
            _waiting(open_conflicts, waiting) if infos else [],
            _names(proposed),
            _next(
                bool(infos),
                codes,
                problem,
                bool(people),
                unknown,
                last.id if last is not None else None,
                last is not None and last.status != "complete",
                last is not None and any(e.run_id == last.id for e in measured),
                any(s.decision == "open" for s in found),
                after_run(store, last) if last is not None else "",
                _endpoint_problem(study),
                measured[-1].run_id if void and measured else None,
                void,
                recode,
                policy_problem,
                study.config.policy,
                any(e.kind == "people" for e in own),
                _unsplit(store, len(independent)),
            ),
        )[:_STEPS],
        void,
        recode,
        policy_problem,
        open_conflicts,
        proposed,
        waiting,
    )


def _with_waiting(first: list[str], last: list[str], steps: list[str]) -> tuple[str, ...]:
    """The steps of the work between what waits for a person's word; "nothing is open" only where
    that is true."""
    if first or last:
        steps = [step for step in steps if not step.startswith(_NOTHING)]
    return (*first, *steps, *last)


def _waiting(open_conflicts: int, files: Sequence[str]) -> list[str]:
    steps = []
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
            "secondcoder import"
        )
    return steps


def _names(proposed: int) -> list[str]:
    if not proposed:
        return []
    return [
        f"Confirm or refuse {counted(proposed, 'proposed name')}, since nothing is "
        "replaced before: secondcoder pseudonyms list"
    ]


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


def _to_recode(study: Study, store: Store) -> dict[str, int]:
    """By the code that they may belong to now; where there are several, the first."""
    found: Counter[str] = Counter()
    for row in needs_recoding(study, store):
        found[row.choose_from[0]] += row.codings
    return dict(found.most_common())


def _policy_problem(study: Study) -> str:
    from eval.verdicts.policy import load_policy

    if not study.policy_file.is_file():
        return f"there is no {study.config.policy}"
    try:
        load_policy(study.policy_file)
    except SecondCoderError as error:
        return error.what.splitlines()[0].rstrip(":.")
    return ""


def _codes(study: Study) -> tuple[int, str]:
    if not study.codebook_file.is_file():
        return 0, f"there is no {study.config.codebook}"
    try:
        return len(load_codebook(study.codebook_file).sent), ""
    except SecondCoderError as error:
        return 0, error.what.splitlines()[0].rstrip(":.")


def _endpoint_problem(study: Study) -> str:
    endpoint = study.config.endpoint
    if not endpoint.base_url:
        return ""
    if not endpoint.base_url.startswith(("http://", "https://")):
        return (
            f"Mend base_url in study.toml: “{endpoint.base_url}” is no address; it has to begin "
            "with http:// or https://"
        )
    return "" if endpoint.model else "Name the model of the endpoint in study.toml: model = …"


def after_run(store: Store, row: RunRow) -> str:
    """The command that comes after a run: measure it, or audit what nobody coded; of one that could
    not be calibrated, the ranking.

    Measuring a batch of new interviews, after an audit of it for instance, would say "too little
    evidence" of every code: the verdicts are those of an earlier run of the same recipe.
    """
    if row.strategy == "judge" and row.status == "complete" and not row.fits:
        return f"secondcoder runs {row.id} --ranking"
    drawn = audits(store, row.id)
    audited = {key for one in drawn for key in one.transcripts}
    coded = {s.transcript_id for s in scopes(store) if s.coder.kind == "human"}
    if coded & set(row.transcripts) - audited:
        return f"secondcoder evaluate --run {row.id}"
    if not coded - audited:
        return f"secondcoder runs {row.id} --suggestions"
    if not drawn:
        return f"secondcoder audit draw {row.id}"
    return f"secondcoder audit result {drawn[-1].id}" if drawn[-1].passed is None else ""


def _unsplit(store: Store, coded: int) -> int:
    """How many transcripts are coded, where they are enough to be split and were not; else 0."""
    from eval.sampling.splitting import CROSS_VALIDATE_BELOW

    return 0 if coded < CROSS_VALIDATE_BELOW or events(store, SPLIT_EVENT) else coded


def _next(
    transcripts: bool,
    codes: int,
    problem: str,
    coded: bool,
    unknown: int,
    last_run: int | None,
    unfinished: bool,
    measured: bool,
    open_suggestions: bool,
    then: str,
    endpoint_problem: str = "",
    evaluate_again: int | None = None,
    void: tuple[str, ...] = (),
    recode: Mapping[str, int] = MappingProxyType({}),
    policy_problem: str = "",
    policy_file: str = "",
    people_measured: bool = False,
    unsplit: int = 0,
) -> list[str]:
    steps: list[str] = []
    has_run = last_run is not None
    if not transcripts:
        return ["Bring in interviews: secondcoder import PATH …"]
    if endpoint_problem:
        steps.append(endpoint_problem)
    if policy_problem.startswith("there is no "):
        steps.append(
            f"Put the policy back ({policy_problem}): it holds the bars that codes are judged by, "
            "and without it nothing is measured (secondcoder init FOLDER makes another study, with "
            "a new one to copy)"
        )
    elif policy_problem:
        steps.append(
            f"Mend {policy_file} ({policy_problem}): it holds the bars that codes are judged by, "
            "and without it nothing is measured"
        )
    if problem.startswith("there is no "):
        steps.append(
            f"Make a codebook ({problem}): put yours there, or take people's codes with "
            "secondcoder codebook derive"
        )
    elif problem:
        steps.append(f"Mend the codebook ({problem}): secondcoder codebook check")
    if not codes and not problem:
        steps.append(
            "Make a first codebook from people's codes: secondcoder codebook derive"
            if coded
            else "Write codes into codebook/codebook.yaml, then: secondcoder codebook check"
        )
    if unknown:
        steps.append(
            f"Say what the coders had seen ({coder_transcripts(unknown)}), or their codes count "
            "towards no verdict: secondcoder transcripts --set-exposure independent"
        )
    if recode:
        total = sum(recode.values())
        named = ", ".join(list(recode)[:3]) + (" and others" if len(recode) > 3 else "")
        steps.append(
            f"Look again at {counted(total, 'coding')} of {named}, made "
            "before the definition was changed: secondcoder codebook history"
        )
    if evaluate_again is not None:
        steps.append(
            f"The last verdicts do not count any more ({'; '.join(void)}). Evaluate again: "
            f"secondcoder evaluate --run {evaluate_again}"
        )
    if codes and unfinished:
        steps.append("Go on with the unfinished run: the same `secondcoder code …` again")
    if codes and coded and not has_run and not people_measured:
        steps.append("See how well people agree: secondcoder evaluate")
    if codes and unsplit:
        steps.append(
            f"Keep some of the {unsplit} coded transcripts for the test before you try prompts and "
            "settings: secondcoder split --draw"
        )
    if codes and not has_run:
        steps.append(
            "Let the model code transcripts that people have coded too, so that it can be "
            "measured: secondcoder code NAME …"
        )
    decide = (
        f"decide on suggestions: secondcoder runs {last_run} --suggestions, secondcoder accept "
        "NUMBER …"
    )
    if has_run and "--ranking" in then:
        steps.append(
            f"Run {last_run} suggests nothing, because nothing could be calibrated: code a few "
            f"interviews yourself and bring them in. Until then see its ranking: {then}"
        )
    if has_run and "evaluate" in then and not measured:
        steps.append(f"Measure the run against people: {then}")
    elif has_run and open_suggestions and "audit" in then and coded:
        steps.append(
            f"Nobody coded what run {last_run} coded. Before many suggestions may be accepted at "
            f"once: {then}. Or {decide}"
        )
    elif has_run and open_suggestions and measured:
        steps.append(f"Read the report (secondcoder report), then {decide}")
    elif has_run and open_suggestions:
        steps.append(f"{decide[0].upper()}{decide[1:]}")
    return steps or [f"{_NOTHING}. Code further transcripts with: secondcoder code NAME …"]
