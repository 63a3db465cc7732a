"""An export of a study with what was measured of it: the sheet of agreement in a spreadsheet.

`assistant.interchange` may not know the evaluation; what it writes of it is handed over as rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.decisions.policy import policy_hash
from assistant.errors import UserError
from assistant.interchange.export.exporting import export_study
from assistant.interchange.export.records import AgreementRow, Choice, Written
from assistant.store.database import Store
from assistant.store.measured.evidence import evaluations
from assistant.study import Study
from eval.statistics.values import Value, is_defined

if TYPE_CHECKING:
    from eval.evaluation.figures import Row
    from eval.evaluation.results import Evaluation
    from eval.intervals.resampling import Interval

__all__ = ["agreement_rows", "export_with_agreement"]

_ORDER = (
    *("kappa", "ac1", "alpha", "agreement", "positive_agreement", "negative_agreement"),
    *("precision", "recall", "f1", "over_coding", "prevalence"),
)


def export_with_agreement(
    study: Study,
    store: Store,
    format: str,
    choice: Choice,
    *,
    to: Path | None = None,
    force: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, total, remark: None,
) -> Written:
    """As `export_study`, with the lanes of the study's policy and, in a spreadsheet, the agreement
    that was measured last."""
    agreement, about = agreement_rows(store) if format == "xlsx" else ((), "")
    return export_study(
        study,
        store,
        format,
        choice,
        policy_sha256=policy_hash(study) if study.policy_file.is_file() else "",
        to=to,
        force=force,
        agreement=agreement,
        about=about,
        progress=progress,
    )


def agreement_rows(store: Store) -> tuple[tuple[AgreementRow, ...], str]:
    """The last evaluation's figures by code and which it is; where there are none, why. Both are
    empty where the study was never measured."""
    if not evaluations(store, own=True):
        return (), ""
    # What computes is loaded for a spreadsheet of a study that was measured, and for nothing else.
    from eval.evaluation.studying import last_evaluation

    try:
        found = last_evaluation(store)
    except UserError:
        return (), (
            "the last evaluation was stored by another version. `secondcoder evaluate` makes one "
            "that can be read."
        )
    measured = found.evaluation
    which = f"evaluation {found.id}, {measured.made_at[:10]}, by {measured.coverage.unit}"
    rows = tuple(_rows(measured))
    if not rows:
        return (), (
            f"{which}, measured neither people with each other nor a model with people. The report "
            "(`secondcoder report`) says why."
        )
    return rows, which


def _rows(measured: Evaluation) -> Iterable[AgreementRow]:
    summaries = [("people with each other", measured.people.together)] if measured.people else []
    if measured.model:
        summaries.append(("model with people", measured.model.summary))
    every = [set(one.values) for _, s in summaries for one in (*s.codes, s.pooled)]
    # A sheet has the same columns in all its rows.
    names = [name for name in _ORDER if every and all(name in there for there in every)]
    for who, summary in summaries:
        for one in summary.codes:
            yield _row(who, one, names)


def _row(who: str, one: Row, names: Iterable[str]) -> AgreementRow:
    figures = tuple(_figure(name, one.values[name]) for name in names)
    return AgreementRow(who, one.name, *one.counts, one.transcripts, figures)


def _figure(name: str, of: Interval) -> tuple[str, float | str, float | str, float | str]:
    return name, _shown(of.estimate), _shown(of.low), _shown(of.high)


def _shown(value: Value) -> float | str:
    return float(value) if is_defined(value) else str(value)
