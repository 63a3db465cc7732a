"""A name that was corrected in one of two studies is corrected in what they have together.

The other study, or a file from before, has the person under the old name. She is the same only
where files that both have say so, and where nobody worked under the old name; otherwise they stay
two people, and that is said. So no correction ever turns one person into another. Where somebody
said that two names are one person's, what was done under the old one is hers as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.hashing import hash_json
from assistant.interchange.names.renamed import NameNow, corrected_names, corrections, present_names
from assistant.interchange.names.renaming import rename_imported
from assistant.interchange.names.same_person import join_names, why_not_one
from assistant.interchange.sharing.package import ShareFile
from assistant.interchange.transcripts import SEEN_IS_NOW
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.people.coders import acts_of, add_coder, coders, files_of
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events

__all__ = ["NamesTold", "newly_one", "told_of_one", "with_names_here"]

_WHO = {
    "decisions": "reviewer",
    "bulk_decisions": "reviewer",
    "sealed": "coder",
    **dict.fromkeys(("adjudications", "openings", "evaluations", "looks"), "who"),
}
"""Table -> column with the name of whoever worked in the program."""


@dataclass(frozen=True)
class NamesTold:
    """What became of names that were corrected in one of the two studies."""

    said: tuple[str, ...] = ()
    renamed: int = 0
    """People and transcripts of this study that have another name now."""

    def with_transcripts(self, said: Sequence[str], renamed: int) -> NamesTold:
        return NamesTold((*self.said, *said), self.renamed + renamed)


def with_names_here(store: Store, share: ShareFile) -> tuple[ShareFile, NamesTold]:
    """The file with its people as they are called now, here or there; call before its rows are
    taken, in the same transaction. People of this study are renamed where the file knows better."""
    there = _People(share)
    said: list[str] = []
    renamed = 0
    stated = [
        (str(row["at"]), row["details"])
        for row in share.rows("events")
        if row.get("kind") == "statement" and isinstance(row.get("details"), dict)
    ]
    for name in present_names(corrections(sorted(stated, key=lambda e: e[0])), there.names):
        here = {coder.name for coder in coders(store, "human")}
        if name.old not in here:
            continue
        doubt = _why_two(
            name,
            name.new in here,
            list(acts_of(store, name.old)),
            files_of(store, name.old),
            there.files,
        )
        if not doubt and name.same_person and name.new in here:
            doubt = why_not_one(store, name.old, name.new)
        if doubt:
            said.append(_two(name, "in the other study", doubt))
            continue
        if name.same_person:
            add_coder(store, name.new, "human")
            join_names(store, name.old, name.new)
        else:
            rename_imported(store, name.old, name.new)
        renamed += 1
        said.append(
            f"“{name.old}” is “{name.new}” now: the name was corrected in the other study on "
            f"{name.at[:10]}."
        )
    people = {coder.name for coder in coders(store, "human")}
    called: dict[str, str] = {}
    for name in corrected_names(store).values():
        if name.old not in there.names:
            continue
        mine = dict.fromkeys(files_of(store, name.new), name.new)
        mine |= {key: who for who in people - {name.new} for key in files_of(store, who)}
        own = {key for key, who in there.files.items() if who == name.old}
        doubt = _why_two(name, name.new in there.names, there.acts(name.old), own, mine)
        if doubt:
            said.append(_two(name, "here", doubt))
            continue
        called[name.old] = name.new
        said.append(
            f"“{name.old}” of the file is “{name.new}” here since {name.at[:10]}, when the name "
            "was corrected."
        )
    return share.called(called), NamesTold(tuple(said), renamed)


def newly_one(store: Store, share: ShareFile) -> frozenset[str]:
    """People of whom one of the two studies knows that two names are hers, and the other does not
    yet: what the two say differently of what she had seen was said of two names.

    Without those of whom somebody said what she had seen after they were made one. Call before the
    file's rows are taken.
    """
    here = [(e.at, e.what, e.details) for e in events(store, "statement")]
    there = [
        (str(row["at"]), str(row["what"]), row["details"])
        for row in share.rows("events")
        if row.get("kind") == "statement" and isinstance(row.get("details"), dict)
    ]
    known, told = (
        {(at, str(d.get("new"))) for at, _, d in said if d.get("same_person") is True}
        for said in (here, there)
    )
    since = {nfc(name): at for at, name in known ^ told}
    for at, what, details in (*here, *there):
        if what.startswith(SEEN_IS_NOW):
            for name, joined in list(since.items()):
                if at > joined and details.get("coder") in ("", name):
                    del since[name]
    return frozenset(since)


def told_of_one(
    store: Store, names: NamesTold, settled: Iterable[tuple[str, str, str]]
) -> NamesTold:
    """With what was settled by rule: (person, hash of the transcript, exposure)."""
    infos = {info.sha256: info.name for info in transcript_infos(store)}
    by_word: dict[tuple[str, str], list[str]] = {}
    for person, words, exposure in settled:
        by_word.setdefault((person, exposure), []).append(f"“{infos.get(words, words)}”")
    return replace(
        names,
        said=(
            *names.said,
            *(
                f"What {person} had seen of others' codes of {', '.join(sorted(which))} is "
                f"“{exposure}” now, the less independent of what her two names had."
                for (person, exposure), which in by_word.items()
            ),
        ),
    )


def _why_two(
    name: NameNow, both: bool, acts: list[str], files: Collection[str], owners: Mapping[str, str]
) -> str:
    """Why who has the old name is not sure to be who has the new one; empty where she is.

    ``both``: the old name's study has the new one too. ``files``: keys of what came in under the
    old name. ``owners``: key of a file in the other study -> whose it is there.
    """
    if both and not name.same_person:
        return f"“{name.new}” is somebody there as well"
    if acts and not name.same_person:
        return f"“{name.old}” has worked in the program under that name ({', '.join(acts)})"
    whose = {owners[key] for key in files if key in owners}
    if name.new not in whose:
        return "no file that both studies have shows that they are one person"
    if len(whose) > 1:
        return "files of the one belong to somebody else in the other study"
    return ""


def _two(name: NameNow, where: str, doubt: str) -> str:
    return (
        f"“{name.old}” and “{name.new}” were taken for two people, though the name was corrected "
        f"{where} on {name.at[:10]}: {doubt}. If they are one, codes that came in under both names "
        "count as two people’s."
    )


class _People:
    """Who is in a share file."""

    def __init__(self, share: ShareFile) -> None:
        self.share = share
        self.by_identity = {
            hash_json([row["kind"], row["name"]]): nfc(str(row["name"]))
            for row in share.rows("coders")
            if row.get("kind") == "human"
        }
        self.names = set(self.by_identity.values())
        self.files = {
            str(row["file_sha256"]): self.by_identity[str(row["coder_id"])]
            for row in share.rows("documents")
            if str(row.get("coder_id")) in self.by_identity
        }

    def acts(self, name: str) -> list[str]:
        """What was done in the program under a name, in words."""
        own = {identity for identity, who in self.by_identity.items() if who == name}
        found: list[str] = []
        if any(
            row.get("coder_id") in own and row.get("origin") != "import"
            for row in self.share.rows("codings")
        ):
            found.append("codings of her own")
        if any(
            row.get("coder_id") in own and row.get("finished_at")
            for row in self.share.rows("scopes")
        ):
            found.append("transcripts finished")
        if any(row.get("coder_id") in own for row in self.share.rows("looked_again")):
            found.append("codes looked at again")
        if any(
            row.get("who") == name and str(row.get("kind")).startswith("blind-")
            for row in self.share.rows("events")
        ):
            found.append("blind coding")
        for table, column in _WHO.items():
            if any(row.get(column) == name for row in self.share.rows(table)):
                found.append(table.replace("_", " "))
        return found
