"""What a coder of a project looked at, and had seen when coding.

What the study knows already is never replaced by less: a scope that somebody stated or that the
program recorded stays, unless the import says something about exposure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.interchange.imports.placing import Group
from assistant.interchange.projects.coders import Named
from assistant.interchange.projects.records import ProjectScope
from assistant.store.database import Store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import scopes, set_scope
from assistant.store.records import Scope
from assistant.store.texts.transcripts import find_transcript, transcript
from assistant.transcripts.records import Exposure

__all__ = ["state_scopes"]


def state_scopes(
    store: Store,
    name: str,
    group: Group,
    sources: Mapping[str, tuple[str, str]],
    scopes_: Sequence[ProjectScope],
    coders: Mapping[str, Named],
    exposure: Exposure,
    version: str,
) -> Iterator[tuple[str, str]]:
    """Record the scopes of the people whose documents were just placed in the transcript ``name``.

    ``sources``: by hash of the document, its source's key and the hash of its text.
    ``version``: of the codebook as it is now. Yields remarks for the user, by hash of the document.
    """
    key = find_transcript(store, name)
    assert key is not None
    for item in sorted(group.items, key=lambda i: i.exposure is not None):
        if item.kind != "human" or not item.coder:
            continue
        source, sha256 = sources[item.document.file_sha256]
        stated = [s for s in scopes_ if s.source == source and coders[s.coder].name == item.coder]
        note = _state(
            store,
            key,
            item.coder,
            item.exposure or exposure,
            stated[0] if stated else None,
            sha256,
            version,
            extra=item.exposure is not None,
        )
        if note:
            yield item.document.file_sha256, note


def _state(
    store: Store,
    transcript_id: int,
    coder: str,
    exposure: Exposure,
    stated: ProjectScope | None,
    text_sha256: str,
    version: str,
    *,
    extra: bool,
) -> str:
    """Record a person's scope; a remark for the user, or ``""``.

    ``stated``: what this program had written into the file. ``extra``: ``exposure`` is that of some
    of her codings only, so that it says nothing about a scope that is there.
    """
    there = [s for s in scopes(store, transcript_id) if s.coder.name == coder]
    mine = [s for s in there if s.coder.kind == "human"]
    if mine:
        if not extra and stated is None and exposure != "unknown" and mine[0].segments is None:
            set_scope(store, replace(mine[0], exposure=exposure))
        return ""
    person = add_coder(store, coder, "human")
    if stated is None:
        set_scope(store, Scope(person, transcript_id, exposure, codebook_sha256=version))
        return ""
    part = (stated.first_segment, stated.last_segment, stated.segments)
    limited = any(bound is not None for bound in part)
    if limited and transcript(store, transcript_id).sha256 != text_sha256:
        # Numbers of segments mean nothing in another text: what she left uncoded is not known.
        set_scope(store, Scope(person, transcript_id, "unknown", codebook_sha256=version))
        return (
            f"{coder} had coded a part of it only, and the transcript has another text than the "
            "file: what she had seen is recorded as unknown."
        )
    set_scope(
        store,
        Scope(
            person,
            transcript_id,
            stated.exposure,
            stated.first_segment,
            stated.last_segment,
            version,
            codes=stated.codes,
            segments=stated.segments,
            finished_at=stated.finished_at,
        ),
    )
    return ""
