"""The main job on the invented example study: import, code, evaluate, verdicts, report.

Codes as many of the example's transcripts as fit into the time, at least two that the model was not
calibrated on, and says which. Running it again goes on with what is there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import shipped
from assistant.coding.coding import CodeOptions, RunResult, code_transcripts, preview
from assistant.coding.settings import NO_MODEL
from assistant.counting import counted
from assistant.errors import UserError
from assistant.guide.words import explained
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.interchange.transcripts import named
from assistant.llm.embedded import catalogue, engine, weights
from assistant.llm.embedded.platform_checks import embedding_available
from assistant.store.database import Store, open_store
from assistant.study import Study, open_study
from eval.evaluation.results import Evaluation
from eval.evaluation.studying import Evaluated, evaluate_study
from eval.intervals.resampling import Interval
from eval.report import write_report
from eval.report.beside import behind_difference, behind_summary, on_common_codes
from eval.report.view import View

__all__ = ["DemoResult", "Progress", "default_folder", "run_demo"]

Say = Callable[[str], None]
Progress = Callable[[str, int, int, str], None]
"""(what is done, how far, of how much, remark)"""

_FIRST = ("Interview 03", "Interview 11")
"""Coded first: one is with a couple, one is a Word document."""
_PROMPT = "judge-short-v1"
_SECONDS = 280.0
"""After the set-up, on two cores."""
_FOR_THE_REST = 45.0
"""Of them, for what follows on the asking: the shortlist of the others, measuring, the report."""


@dataclass(frozen=True)
class DemoResult:
    folder: str
    model: str
    run: int
    coded: tuple[str, ...]
    asked_for_calibration: tuple[str, ...]
    evaluation: int
    lanes: dict[str, int]
    report: str
    seconds: float


def default_folder() -> Path:
    """``runs/demo`` in a checkout, else a folder of its own where the user stands."""
    here = Path.cwd()
    if (here / "runs" / "README.md").is_file() and (here / "examples" / "study.toml").is_file():
        return here / "runs" / "demo"
    return here / "second-coder-demo"


def run_demo(
    folder: Path,
    model: str = "",
    say: Say = lambda _: None,
    progress: Progress = lambda what, done, total, remark: None,
    seconds: float = _SECONDS,
) -> DemoResult:
    """Run it in ``folder``. ``model`` is a known model's name, or `NO_MODEL`.

    Raises `UserError` when the folder holds something else.
    """
    chosen = _model(model, say, progress)
    started = time.monotonic()
    study = _copy(folder)
    store, _ = open_store(study.database)
    with store:
        _import(study, store, say, progress)
        result, asked = _code(study, store, chosen, say, progress, started, seconds)
        names = _names(store, result)
        say(f"Run {result.run_id}: {result.status}. {result.why}".rstrip())
        if asked:
            say(
                f"The model was asked about {', '.join(asked)} as well, only to calibrate its "
                "answers on what people said there."
            )
        say("Measuring people against people, and the run against people …")
        made = evaluate_study(study, store, run_id=result.run_id)
        report = write_report(
            made.evaluation, made.id, study.reports_folder / f"evaluation-{made.id}"
        )
    _tell(made, say)
    lanes: dict[str, int] = {}
    for verdict in made.evaluation.model.verdicts if made.evaluation.model else ():
        lanes[verdict.lane] = lanes.get(verdict.lane, 0) + 1
    return DemoResult(
        str(folder),
        chosen,
        result.run_id,
        names,
        asked,
        made.id,
        lanes,
        str(report.html),
        time.monotonic() - started,
    )


# --- steps ---------------------------------------------------------------------------------------


def _model(wanted: str, say: Say, progress: Progress) -> str:
    """The model to use, with its weights here; `NO_MODEL` where it cannot run, and says why."""
    if wanted == NO_MODEL:
        say("No model: " + explained("the shortlist decides alone.", "shortlist"))
        return NO_MODEL
    state = engine.available()
    if not state.ok:
        say(f"The embedded model cannot run on this computer: {state.reason}")
        say("Going on without it: " + explained("the shortlist decides alone.", "shortlist"))
        return NO_MODEL
    known = catalogue.model(wanted or weights.in_use())
    if weights.model_path(known.name) is None:
        say(
            f"Getting the embedded model: {known.title}, {known.size / 1e9:.2f} GB, licence "
            f"{known.licence}. It is kept in {weights.cache_folder()} and used by every study. "
            "(Without it: MODEL=none, or secondcoder demo --model none.)"
        )
        weights.get_model(
            known.name,
            progress=lambda done, total, what: progress(
                "Megabytes", done // 1_000_000, total // 1_000_000, what
            ),
        )
    say(f"The model: {known.title}, inside this program. Nothing is sent anywhere.")
    return known.name


def _copy(folder: Path) -> Study:
    """A copy of the example study to work on; one that is there is gone on with."""
    if not (folder / "study.toml").is_file():
        if folder.exists() and any(folder.iterdir()):
            raise UserError(
                "This folder holds something else.",
                where=str(folder),
                hint="Name another one: secondcoder demo FOLDER.",
            )
        shutil.copytree(shipped.examples(), folder, dirs_exist_ok=True)
        shutil.copytree(shipped.prompts(), folder / "prompts", dirs_exist_ok=True)
        (folder / "eval").mkdir(exist_ok=True)
        shutil.copyfile(shipped.policy(), folder / "eval" / "policy.toml")
    return open_study(folder)


def _import(study: Study, store: Store, say: Say, progress: Progress) -> None:
    known = known_codes(study.codebook_file)
    steps = (
        ("transcripts", ImportOptions(known_codes=known)),
        ("codings", ImportOptions(known_codes=known, exposure="independent")),
        ("adjudicated", ImportOptions(known_codes=known, exposure="adjudicated")),
    )
    for name, options in steps:
        files = [path for path in (study.folder / name).iterdir() if path.is_file()]
        done = [0]

        def step(remark: str, total: int = len(files), done: list[int] = done) -> None:
            progress("Reading files", done[0], total, remark)
            done[0] += 1

        report = import_files(store, [study.folder / name], options, step)
        codings = sum(f.codings for f in report.files)
        say(
            f"Imported {name}: {counted(len(report.files), 'file')}"
            + (f" with {counted(codings, 'code')} by people" if codings else "")
            + f", {counted(len(report.transcripts), 'interview')}."
        )


def _code(
    study: Study,
    store: Store,
    model: str,
    say: Say,
    progress: Progress,
    started: float,
    seconds: float,
) -> tuple[RunResult, tuple[str, ...]]:
    """Code the first transcripts, and then as many more as the time allows."""
    every = named(store, ())
    if model == NO_MODEL:
        # Nothing is asked, so all of them fit; each is calibrated on the others.
        options = CodeOptions(
            every, strategy="judge", model=NO_MODEL, words_only=not embedding_available().ok
        )
        say(f"Coding all {len(every)} interviews by the shortlist …")
        progress("Preparing", 0, len(every), "")
        return code_transcripts(study, store, options), ()
    first = named(store, _FIRST)

    def left() -> float:
        return max(1.0, seconds - _FOR_THE_REST - (time.monotonic() - started))

    options = CodeOptions(first, strategy="judge", model=model, prompt=_PROMPT)
    ahead = preview(
        study, store, options, lambda n, name: progress("Preparing", n, len(every), name)
    )
    asked = ahead.calibration
    also = f", and {' and '.join(asked)} to calibrate the answers" if asked else ""
    say(
        f"Coding {' and '.join(ahead.transcripts)}: {ahead.calls} yes/no questions{also}. What the "
        "answers about one are worth is learned from the others …"
    )
    options = replace(options, max_seconds=left())
    asking = time.monotonic()
    result = code_transcripts(
        study, store, options, lambda n, name: progress("Asking", n, ahead.calls, name)
    )
    if result.status != "complete":
        say(
            f"This computer is slow today: after {time.monotonic() - asking:.0f} s the model had "
            f"answered {result.sent} of {ahead.calls} questions. They are kept, and running the "
            "demo again goes on with them. For now the shortlist decides alone."
        )
        alone = CodeOptions(every, strategy="judge", model=NO_MODEL)
        return code_transcripts(study, store, alone), ()
    spent = time.monotonic() - asking
    if result.sent < ahead.calls // 2:
        return result, asked  # most was there already: there is no telling how long more takes
    each = spent / (len(first) + len(ahead.calibration))
    room = int(left() / each)
    if room < 1:
        return result, asked
    # What was asked for calibration is coded first: its answers are here.
    order = [*(named(store, asked) if asked else ()), *(k for k in every if k not in first)]
    more = tuple(dict.fromkeys(order))[: len(asked) + room]
    options = replace(options, transcripts=(*first, *more), max_seconds=left())
    wider = preview(study, store, options)
    say(f"There is time for more: coding {', '.join(wider.transcripts)} …")
    more_result = code_transcripts(
        study, store, options, lambda n, name: progress("Asking", n, wider.calls, name)
    )
    if more_result.status != "complete":
        return result, asked  # it took longer than thought: what is complete is shown
    return more_result, wider.calibration


def _names(store: Store, result: RunResult) -> tuple[str, ...]:
    from assistant.store.model.runs import run
    from assistant.store.texts.transcripts import transcript

    return tuple(transcript(store, key).name for key in run(store, result.run_id).transcripts)


def _tell(made: Evaluated, say: Say) -> None:
    found: Evaluation = made.evaluation
    if found.model is None or found.run is None:
        return
    say(f"Coded and measured: {', '.join(found.run.transcripts)}.")
    run, apart, label = found.model.summary, found.model.difference, View(found).label
    say(
        f"The run agrees with people at {_figures(run.pooled.values)} (in brackets: 95% intervals)."
        + _behind(behind_summary(run, label))
    )
    if apart is not None:
        same = {"kappa": apart, **found.model.beside}
        people = {key: one.pooled.person_person for key, one in same.items()}
        say(
            f"On the same passages people agree with each other at {_figures(people)}."
            + _behind(behind_difference(apart, label))
            + f" {on_common_codes(apart, run, 'the run')}".rstrip()
        )
    best = next(b for b in found.model.baselines if b.name == found.model.best_baseline)
    say(
        f"The best baseline without understanding ({best.name}) reaches "
        f"{_figures(best.summary.pooled.values)}; the run's kappa is above that by "
        f"{best.over_pooled}." + _behind(behind_summary(best.summary, label))
    )


def _figures(values: Mapping[str, Interval]) -> str:
    """Never one coefficient alone."""
    known = {"kappa": "kappa", "f1": "F1", "ac1": "AC1"}
    return ", ".join(f"{name} {values[key]}" for key, name in known.items() if key in values)


def _behind(said: str) -> str:
    return f" Behind that kappa: {said}." if said else ""
