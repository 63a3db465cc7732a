"""Sentences beside the figures: whose codes are measured, what is left out, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from assistant.codebook.lineage import Silences, Silent
from assistant.codebook.records import Codebook
from assistant.transcripts.records import ADJUDICATED

__all__ = ["measured_in", "outside_note", "silent_notes", "study_notes"]


def silent_notes(
    asked: Mapping[tuple[str, Silent], set[str]],
    left_out: int,
    codebook: Codebook,
    silences: Silences | None,
    present: str = "",
) -> list[str]:
    """What is missing because a code was defined otherwise, or not there, when people coded.

    ``asked``: (code, why) -> who says nothing about it; ``left_out``: codings of codes that were
    defined otherwise; ``present``: hash of the codebook's version in force.
    """

    def told(why: Silent) -> dict[str, str]:
        return {
            code: codebook.by_id[code].label + f" ({', '.join(sorted(names))})"
            for (code, one), names in asked.items()
            if one == why and codebook.by_id[code].measured
        }

    notes: list[str] = []
    if older := told("older definition"):
        can = [
            who
            for code, who in older.items()
            if silences and silences.may_look_again(code, present)
        ]
        cannot = [who for who in older.values() if who not in can]
        said = (
            "Coded under another definition, so they say neither yes nor no: "
            f"{', '.join(older.values())}; {left_out} "
            f"coding{'' if left_out == 1 else 's'} left out."
        )
        if can:
            said += (
                " When these people have looked again, state it (secondcoder transcripts "
                "--looked-again --coder NAME); if only the words of a definition are better, "
                'declare it (secondcoder codebook history --declare "change CODE").'
            )
        if cannot:
            said += (
                f" {'For ' + ', '.join(cannot) + ' looking' if can else 'Looking'} again would not "
                "help: what is measured here goes by a definition that is not the present one. Let "
                "the model code anew with the present codebook; if only the words differ, declare "
                'it (secondcoder codebook history --declare "change CODE").'
            )
        notes.append(said)
    if later := told("added later"):
        notes.append(
            "Not in the codebook yet when these people coded, so nothing is known of it: "
            f"{', '.join(later.values())}."
        )
    return notes


def outside_note(outside: Mapping[tuple[str, str], int]) -> list[str]:
    """``outside``: (coder, transcript) -> codings outside what she is said to have coded."""
    if not outside:
        return []
    said = ", ".join(f"{who} {n} in {name}" for (who, name), n in sorted(outside.items()))
    return [
        "Codings outside the passages that their coder is said to have coded, which no figure "
        f"counts: {said}. If more was coded, say so (secondcoder transcripts --set-scope "
        "FIRST-LAST --coder NAME)."
    ]


def measured_in(
    looked: Mapping[str, Collection[str]], languages: Mapping[str, str], model: str
) -> dict[str, str]:
    """Of the languages of transcripts, those that pooled figures rest on.

    ``looked``: transcript -> who coded it. Two must have, of whom the model is one where there is a
    ``model``: what a run did not code is in none of its figures. All where there is no such
    transcript, since then there are no figures that could mix anything.
    """
    found = {
        name: languages[name]
        for name, coders in looked.items()
        if len(set(coders)) > 1 and (not model or model in coders)
    }
    return found or dict(languages)


def study_notes(
    people: Sequence[tuple[str, str]],
    allowed: Collection[str],
    languages: Mapping[str, str],
    withdrawn: Sequence[str],
) -> list[str]:
    """Of whom and of what the figures are. ``people``: (name, role); ``allowed``: roles that are
    measured; ``languages``: of each transcript that figures rest on."""
    notes: list[str] = []
    unknown = sorted({name for name, role in people if role == "unknown"})
    if unknown:
        notes.append(
            f"What {', '.join(unknown)} had seen when coding is not known: their codes are "
            "measured, but count towards no verdict until you state it (secondcoder transcripts "
            "--set-exposure)."
        )
    for role, what in (
        ("adjudicated", f"{ADJUDICATED}, so they say nothing of how well people agree"),
        ("after-model", "made after seeing the model, so never reference"),
    ):
        names = sorted({name for name, one in people if one == role})
        if names and role not in allowed:
            notes.append(f"Left out: {', '.join(names)} ({what}).")
    spoken = Counter(languages.values())
    if len(spoken) > 1:
        notes.append(
            "The transcripts in these figures are in several languages ("
            + ", ".join(f"{n} in {code or 'an unknown language'}" for code, n in spoken.items())
            + "); pooled figures mix them."
        )
    if withdrawn:
        notes.append(f"Withdrawn, and in no figure: {', '.join(withdrawn)}.")
    return notes
