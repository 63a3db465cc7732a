"""Rows of share files that older versions wrote, with names in one spelling (Unicode NFC), and of
any share file with people's names as they were corrected in the study that takes it in.

As `assistant.store.schema.spelled` does it with a study; identities that are made of a name follow,
since rows point to each other by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.hashing import hash_json
from assistant.spelling import nfc
from assistant.store.people.coding_guids import spelled_guid
from assistant.store.sharing.shared_tables import BY_TABLE, SharedRow

__all__ = ["Spelled"]

_NAMES = {
    "coders": ("name",),
    **dict.fromkeys(("codings", "document_codings", "coding_notes", "looked_again"), ("code",)),
    "memos": ("code", "who"),
    **dict.fromkeys(("decisions", "bulk_decisions"), ("reviewer",)),
    **dict.fromkeys(("openings", "adjudications", "looks", "evaluations", "events"), ("who",)),
    **dict.fromkeys(("pseudonyms", "tombstones"), ("who",)),
}
_GUIDED = {"codings": "guid", "document_codings": "coding_guid"}
_TO_CODINGS = {"decisions": "coding_id", "adjudications": "coding_id"}


@dataclass(frozen=True)
class Spelled:
    """What of a share file's rows is spelled otherwise in it."""

    coders: dict[str, str] = field(default_factory=dict)
    """Identity of a coder in the file -> the one that it has in one spelling."""
    guids: dict[str, str] = field(default_factory=dict)
    """Of imported codings, which are made of their coder's name and their code."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Name of a person in the file -> hers here, where it was corrected."""

    @classmethod
    def of(
        cls, rows: Callable[[str], Iterable[SharedRow]], people: Mapping[str, str] | None = None
    ) -> Spelled:
        """``rows``: of a table, as the file has them. ``people``: names that were corrected."""
        now = people or {}
        names = {_coder(row): str(row.get("name")) for row in rows("coders")}
        kinds = {_coder(row): str(row.get("kind")) for row in rows("coders")}
        called = {
            identity: now.get(nfc(name), nfc(name)) if kinds[identity] == "human" else nfc(name)
            for identity, name in names.items()
        }
        coders = {
            identity: hash_json([kinds[identity], called[identity]])
            for identity, name in names.items()
            if called[identity] != name
        }
        spelled = set(coders.values())
        guids: dict[str, str] = {}
        for row in rows("codings"):
            who, code = str(row.get("coder_id")), str(row.get("code"))
            if row.get("origin") != "import" or who not in names:
                continue
            if who not in coders and who not in spelled and nfc(code) == code:
                continue
            name, guid = names[who], str(row.get("guid"))
            new = (called[who], nfc(code))
            span = (row.get("start_char"), row.get("end_char"))
            if not isinstance(span[0], int) or not isinstance(span[1], int):
                continue
            place = (str(row.get("transcript_id")), kinds[who], (span[0], span[1]))
            old = [(name, code), (name, new[1])]
            if found := spelled_guid(guid, old, new, *place):
                guids[guid] = found
        return cls(coders, guids, now)

    def rows(self, table: str, rows: Iterable[SharedRow]) -> Iterator[SharedRow]:
        """The rows of a table in one spelling; of those that become the same, one."""
        known: set[str] = set()
        for row in rows:
            found = self.row(table, row)
            if table in ("coders", "scopes", "codings", "coding_notes", "looked_again"):
                key = hash_json([found.get(column) for column in BY_TABLE[table].key])
                if found != row and key in known:
                    continue
                known.add(key)
            yield found

    def row(self, table: str, row: SharedRow) -> SharedRow:
        found = dict(row)
        for column in _NAMES.get(table, ()):
            if isinstance(found.get(column), str):
                found[column] = nfc(found[column])
                if column != "code" and (table != "coders" or found.get("kind") == "human"):
                    found[column] = self.people.get(found[column], found[column])
        if table == "documents" and found.get("project_sha256") and found.get("name"):
            found["name"] = nfc(str(found["name"]))
        for column, to in BY_TABLE[table].refs.items():
            if to == "coders" and found.get(column) in self.coders:
                found[column] = self.coders[found[column]]
        for columns in (_GUIDED, _TO_CODINGS):
            column = columns.get(table, "")
            if found.get(column) in self.guids:
                found[column] = self.guids[found[column]]
        return found


def _coder(row: SharedRow) -> str:
    return hash_json([row.get(column) for column in BY_TABLE["coders"].key])
