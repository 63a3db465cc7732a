"""Everything that says which codes somebody looked for, and which not: read once for a study.

`assistant.codebook.lineage.Silences` is made of it.
"""

from __future__ import annotations

from assistant.store.database import Store
from assistant.store.people.codings import codings, scopes
from assistant.store.people.looked_again import looked_again
from assistant.store.records import CodedSoFar
from assistant.store.versions import recorded_versions

__all__ = ["coded_so_far"]


def coded_so_far(store: Store) -> CodedSoFar:
    return CodedSoFar(recorded_versions(store), scopes(store), codings(store), looked_again(store))
