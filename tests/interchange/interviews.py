"""Small invented interviews, written as files of several kinds, and what a study holds of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.interchange.imports.importing import ImportOptions, ImportReport, import_files
from assistant.store.database import Store
from assistant.store.people.codings import codings, scopes
from assistant.store.texts.documents import document_codings, documents
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify

__all__ = [
    "LABELS",
    "PARAGRAPHS",
    "bring",
    "delve_text",
    "holdings",
    "plain",
    "speaker_lines",
    "word",
]

Paragraph = tuple[str, str]
Codes = Mapping[int, Sequence[str]]
"""Number of a paragraph -> its labels."""

LABELS = ("weather", "water-shortage", "neighbours", "tools", "harvest")

_THINGS = ("leeks", "beans", "onions", "plums", "carrots", "pears", "beets", "sprouts")
_DEEDS = ("sowed", "lost", "watered", "covered", "picked", "moved", "weeded", "sold")
_REASONS = (
    "because the frost came late that week",
    "since nobody had mended the tap by the gate",
    "after my neighbour lent me her long fork",
    "when the wind took the nets off in the night",
    "although the shed was locked and I had no key",
)


def _said(n: int) -> str:
    thing, deed = _THINGS[n % 8], _DEEDS[(n * 3 + n // 8) % 8]
    return (
        f"In week {n} I {deed} the {thing} near path {n * 7 % 11} {_REASONS[n % 5]}, and it took "
        f"me {n % 6 + 2} hours, which is more than I had thought it would."
    )


PARAGRAPHS: tuple[Paragraph, ...] = tuple(
    paragraph
    for n in range(1, 13)
    for paragraph in (
        ("Interviewer", f"What did you do on the plot in week {n} of that year?"),
        ("Gardener", _said(n)),
    )
)
"""Questions have even numbers, answers odd ones; about 480 words."""


def plain(file: Path, paragraphs: Sequence[Paragraph] = PARAGRAPHS) -> Path:
    """``Speaker: words``, a blank line between turns."""
    text = "\n\n".join(f"{speaker}: {said}" for speaker, said in paragraphs)
    file.write_text(text + "\n", encoding="utf-8")
    return file


def speaker_lines(file: Path, paragraphs: Sequence[Paragraph] = PARAGRAPHS) -> Path:
    """The speaker on a line of its own, in Markdown."""
    text = "\n\n".join(f"**{speaker}**\n\n{said}" for speaker, said in paragraphs)
    file.write_text(text + "\n", encoding="utf-8")
    return file


def delve_text(file: Path, codes: Codes, paragraphs: Sequence[Paragraph] = PARAGRAPHS) -> Path:
    """Labels on lines of their own under their paragraph."""
    lines = [file.stem]
    for number, (speaker, said) in enumerate(paragraphs):
        lines += [speaker, said, *codes.get(number, ())]
    file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return file


def word(file: Path, codes: Codes, paragraphs: Sequence[Paragraph] = PARAGRAPHS) -> Path:
    import docx

    made = docx.Document()
    for number, (speaker, said) in enumerate(paragraphs):
        for text in (speaker, said, *codes.get(number, ())):
            made.add_paragraph(text)
    made.save(str(file))
    return file


def bring(store: Store, *files: Path, **options: object) -> ImportReport:
    """Import with the labels of this file known."""
    options.setdefault("labels", LABELS)
    return import_files(store, list(files), ImportOptions(**options))  # type: ignore[arg-type]


def holdings(store: Store) -> dict[str, object]:
    """All that must not depend on the order of import, without the database's own numbers.

    A transcript is told by its text: its name is that of the first import that brought it.
    """
    infos = transcript_infos(store)
    texts = {info.id: transcript(store, info.id) for info in infos}
    names = {info.id: info.sha256 for info in infos}
    files = [row for info in infos for row in documents(store, info.id)]
    assert verify(store).findings == ()
    return {
        "transcripts": sorted((t.sha256, t.text, t.language, t.segments) for t in texts.values()),
        "codings": sorted(
            (
                c.guid,
                names[c.transcript_id],
                c.coder.name,
                c.code,
                c.start,
                c.end,
                c.quote,
                c.document,
            )
            for c in codings(store)
        ),
        "scopes": sorted((s.coder.name, names[s.transcript_id], s.exposure) for s in scopes(store)),
        "files": sorted(
            (
                row.name,
                row.coder,
                row.format,
                names[row.transcript_id],
                row.is_base,
                tuple(
                    sorted(
                        (c.code, c.start, c.end, c.carried, c.why, c.coding_guid)
                        for c in document_codings(store, row.id)
                    )
                ),
            )
            for row in files
        ),
    }
