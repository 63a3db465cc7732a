"""What programs write in different ways though it means the same, brought into one form.

Every project passes here before anything of it is stored. Names are in Unicode NFC: codes, people
and texts whose names differ only in how an accent is spelled are the same. Dates of notes become
times as the study stores them; what can not be understood is left out and named, and the note has
the time of its import, as one without a date has.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.counting import counted
from assistant.dates import understood
from assistant.interchange.projects.records import Project
from assistant.interchange.projects.same_codes import joined, spelled_alike
from assistant.spelling import nfc

__all__ = ["in_one_form"]

_SHOWN = 3


def in_one_form(project: Project) -> Project:
    """The project with names and dates as they are stored; what was not understood is in its
    notes."""
    return _dated(_one_spelling(project))


def _one_spelling(project: Project) -> Project:
    same = spelled_alike(project.codes, {c.key: nfc(c.name) for c in project.codes})
    made = joined(project, same)
    return made.model_copy(
        update={
            "name": nfc(project.name),
            "sources": tuple(
                s.model_copy(update={"name": nfc(s.name)}) if s.name != nfc(s.name) else s
                for s in project.sources
            ),
            "coders": tuple(c.model_copy(update={"name": nfc(c.name)}) for c in project.coders),
            "codes": tuple(
                c.model_copy(update={"name": nfc(c.name), "id": nfc(c.id)}) for c in made.codes
            ),
            "codings": tuple(
                c.model_copy(update={"written": nfc(c.written)}) for c in made.codings
            ),
            "memos": tuple(m.model_copy(update={"who": nfc(m.who)}) for m in made.memos),
            "notes": (*project.notes, *_in_words(project, same)),
        }
    )


def _in_words(project: Project, same: Mapping[str, str]) -> list[str]:
    """What to say of codes that look the same and were two in the file."""
    names = sorted({nfc(code.name) for code in project.codes if code.key in same})
    if not names:
        return []
    listed = ", ".join(f"“{name}”" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    twice = len(project.codings) - len(joined(project, same).codings)
    once = f" {counted(twice, 'coding')} of both on one passage counted once." if twice else ""
    return [
        f"The file has the same code twice, with an accent written as one character and as two: "
        f"{listed}{more}. Each counts as one code.{once}"
    ]


def _dated(project: Project) -> Project:
    noted = [coding for coding in project.codings if coding.note.strip() and coding.at]
    said = [memo.at for memo in project.memos if memo.at] + [coding.at for coding in noted]
    dates = understood([*said, *(coding.at for coding in project.codings if coding.at)])
    if all(dates[at] == at for at in dates):
        return project
    unclear = [at for at in said if not dates[at]]
    notes = project.notes
    if unclear:
        kinds = list(dict.fromkeys(unclear))
        listed = ", ".join(f"“{at}”" for at in kinds[:_SHOWN])
        more = f" and {len(kinds) - _SHOWN} more" if len(kinds) > _SHOWN else ""
        notes = (
            *notes,
            f"{counted(len(unclear), 'note')} with a date that could not be understood, or of "
            f"which day and month are not certain ({listed}{more}): the time of the import stands "
            "in its place. Dates such as 2024-12-31 leave no doubt; if they matter, write them so "
            "in the file and import it into a new study.",
        )
    return project.model_copy(
        update={
            "memos": tuple(
                memo.model_copy(update={"at": dates[memo.at]}) if memo.at else memo
                for memo in project.memos
            ),
            "codings": tuple(
                coding.model_copy(update={"at": dates[coding.at]}) if coding.at else coding
                for coding in project.codings
            ),
            "notes": notes,
        }
    )
