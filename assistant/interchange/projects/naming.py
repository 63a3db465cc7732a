"""A new transcript gets a name that no other has: names of texts repeat from project to project."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from assistant.interchange.imports.placing import Group
from assistant.store.database import Store
from assistant.store.texts.transcripts import names_alike

__all__ = ["with_own_name"]


def with_own_name(
    store: Store, group: Group, withdrawn: Collection[int]
) -> tuple[Group, dict[str, str]]:
    """The group with names that are free, and a remark for each document (by hash) that got one.

    Documents of a transcript that is there keep their names, and so does the name of a withdrawn
    one: that is refused later, with its reason.
    """
    if group.transcripts:
        return group, {}
    changed: dict[str, str] = {}
    for title in sorted({item.document.title for item in group.items}):
        unique, number = title, 2
        while set(names_alike(store, unique)) - set(withdrawn):
            unique, number = f"{title} ({number})", number + 1
        changed[title] = unique
    renamed = []
    notes: dict[str, str] = {}
    for item in group.items:
        title = item.document.title
        unique = changed[title]
        if unique != title:
            notes[item.document.file_sha256] = (
                f"The study has another transcript named “{title}”, so this one is “{unique}”."
            )
            item = replace(item, document=item.document.model_copy(update={"title": unique}))
        renamed.append(item)
    return replace(group, items=tuple(renamed)), notes
