"""Where a study stands and what to do next, from stored rows and files only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from assistant.codebook.loading import load_codebook
from assistant.coding.under_preparation import under_preparation
from assistant.decisions.policy import policy_hash
from assistant.errors import SecondCoderError
from assistant.guide.next_steps import (
    ENDPOINT_EVENT,
    Work,
    definitions_wait,
    name_steps,
    steps_of_the_work,
    undefined_codes,
    waiting_steps,
    with_waiting,
)
from assistant.guide.unimported import not_imported
from assistant.interchange.imports.asked import still_asked
from assistant.interchange.study_codebook.history import needs_recoding
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.measured.audits import audits
from assistant.store.measured.evidence import evaluations, standing_verdicts, verdicts
from assistant.store.measured.reference import SPLIT_EVENT
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import scopes
from assistant.store.records import RunRow
from assistant.store.sharing.conflicts import conflicts
from assistant.store.texts.pseudonyms import pseudonyms
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events
from assistant.study import Study
from assistant.transcripts.records import NEVER_REFERENCE

__all__ = ["Overview", "after_run", "overview"]

_STEPS = 4


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
    no_text: tuple[str, ...] = ()
    """Files there that are no transcripts: pictures, sound, film, empty ones."""
    preparing: str = ""
    """That a run is being prepared, and since when."""


def overview(study: Study, store: Store) -> Overview:
    """What there is, and up to four things to do next, the most useful first."""
    infos = [info for info in transcript_infos(store) if not info.withdrawn]
    there = {info.id for info in infos}
    people = [s for s in scopes(store) if s.coder.kind == "human" and s.transcript_id in there]
    made = [c for c in shown_codings(store) if c.transcript_id in there]
    independent = Counter(s.transcript_id for s in people if s.is_reference)
    unknown = sum(s.exposure == "unknown" for s in people)
    codes, undefined, problem = _codes(study)
    policy_problem = _policy_problem(study)
    recode = _to_recode(study, store)
    all_runs = runs(store)
    last = all_runs[-1] if all_runs else None
    gone_on = bool(all_runs or events(store, ENDPOINT_EVENT))
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
    asked = sorted(
        {Path(f.place).as_posix() for one in still_asked(study, store) for f in one.files}
    )
    ahead = under_preparation(study)
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
        with_waiting(
            waiting_steps(open_conflicts, waiting.files, asked) if infos or asked else [],
            name_steps(proposed),
            steps_of_the_work(
                Work(
                    transcripts=bool(infos),
                    codes=codes,
                    problem=problem,
                    coded=bool(people),
                    unknown=unknown,
                    last_run=last.id if last is not None else None,
                    unfinished=last is not None and last.status != "complete",
                    measured=last is not None and any(e.run_id == last.id for e in measured),
                    open_suggestions=any(s.decision == "open" for s in found),
                    then=after_run(store, last) if last is not None else "",
                    endpoint_problem=_endpoint_problem(study),
                    evaluate_again=measured[-1].run_id if void and measured else None,
                    void=void,
                    recode=recode,
                    policy_problem=policy_problem,
                    policy_file=study.config.policy,
                    people_measured=any(e.kind == "people" for e in own),
                    unsplit=_unsplit(store, len(independent)),
                    undefined=undefined if definitions_wait(undefined, gone_on=gone_on) else 0,
                    together=any(
                        len({s.coder.id for s in people if s.transcript_id == key}) > 1
                        for key in there
                    ),
                )
            ),
        )[:_STEPS],
        void,
        recode,
        policy_problem,
        open_conflicts,
        proposed,
        waiting.files,
        waiting.no_text,
        ahead.in_words if ahead is not None else "",
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


def _to_recode(study: Study, store: Store) -> dict[str, int]:
    """By the code that they may belong to now; where there are several, the first. What is
    adjudicated, made after seeing the model, for an audit or withdrawn is nobody's to look at."""
    names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
    to_look = {
        (names[s.transcript_id], s.coder.name)
        for s in scopes(store)
        if s.transcript_id in names and s.segments is None and s.exposure not in NEVER_REFERENCE
    }
    found: Counter[str] = Counter()
    for row in needs_recoding(study, store):
        if (row.transcript, row.coder) in to_look:
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


def _codes(study: Study) -> tuple[int, int, str]:
    """(codes, those without a definition, why the codebook cannot be used)."""
    if not study.codebook_file.is_file():
        return 0, 0, f"there is no {study.config.codebook}"
    try:
        sent = load_codebook(study.codebook_file).sent
        return len(sent), len(undefined_codes(sent)), ""
    except SecondCoderError as error:
        return 0, 0, error.what.splitlines()[0].rstrip(":.")


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
