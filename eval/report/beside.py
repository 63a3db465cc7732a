"""What stands beside every pooled figure, in words: the average and the worst cases behind it.

One figure of all codes is ruled by the common ones and by long interviews; the mean over codes, the
worst code and the worst transcript are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from eval.evaluation.difference import Difference
from eval.evaluation.figures import Summary, Worst, lowest
from eval.report.wording import how_many, number
from eval.statistics.values import Value, is_defined

__all__ = ["behind", "behind_difference", "behind_rows", "behind_summary", "on_common_codes"]

Label = Callable[[str], str]


def behind(mean: Value, codes: int, code: Worst, transcript: Worst | None, label: Label) -> str:
    """``mean over 12 codes 0.74, worst code 0.05 (Frost), worst transcript 0.71 (Plot 3)``; empty
    where no code has a figure."""
    if not is_defined(mean):
        return ""
    said = [f"mean over {how_many(codes, 'code')} {number(mean)}"]
    if is_defined(code.value):
        said.append(f"worst code {number(code.value)} ({label(code.name)})")
    if transcript is not None and is_defined(transcript.value):
        said.append(f"worst transcript {number(transcript.value)} ({transcript.name})")
    return ", ".join(said)


def behind_summary(found: Summary, label: Label, key: str = "kappa") -> str:
    return behind(
        found.macro[key].estimate,
        found.macro_codes[key],
        found.worst_code[key],
        found.worst_transcript[key],
        label,
    )


def behind_difference(found: Difference, label: Label) -> str:
    """Of people with each other, on the cells that the model coded too."""
    rows = [(row.name, row.person_person.estimate) for row in found.codes]
    transcripts = [(t.name, t.person_person) for t in found.transcripts]
    alone = found.alone
    return behind(
        alone.macro.estimate if alone else found.macro.person_person.estimate,
        alone.codes if alone else found.common,
        alone.worst if alone else lowest(rows),
        lowest(transcripts) if transcripts else None,
        label,
    )


def on_common_codes(found: Difference, own: Summary, who: str) -> str:
    """Both means on the codes of which all have a figure: the only two that can be set beside each
    other. Empty where there is no such code, and where each side's own mean (``own``: the run's)
    is of the same codes and reads the same.

    Each code is of the passages and pairs of people for whom all have one, so that its figures are
    others than those in each side's own mean:

    ``Side by side, kappa: mean over the 26 codes of which people and run 4 have a figure, on the
    passages that two people and run 4 coded: run 4 0.10, people 0.42.``
    """
    its, theirs = found.macro.model_person.estimate, found.macro.person_person.estimate
    if not (is_defined(its) and is_defined(theirs)):
        return ""
    alone = found.alone
    if alone is not None and found.common == alone.codes == own.macro_codes["kappa"]:
        printed = (own.macro["kappa"].estimate, alone.macro.estimate)
        if [number(one) for one in printed] == [number(its), number(theirs)]:
            return ""
    codes = "1 code" if found.common == 1 else f"{found.common} codes"
    return (
        f"Side by side, kappa: mean over the {codes} of which people and {who} have a figure, on "
        f"the passages that two people and {who} coded: {who} {number(its)}, people "
        f"{number(theirs)}."
    )


def behind_rows(rows: Iterable[tuple[str, Value]], label: Label) -> str:
    """Of figures by code alone; their mean is without an interval."""
    known = [(name, one) for name, one in rows if is_defined(one)]
    if not known:
        return ""
    figures = [one for _, one in known if is_defined(one)]
    return behind(sum(figures) / len(figures), len(figures), lowest(known), None, label)
