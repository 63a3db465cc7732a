"""Which files somebody means who names files and folders to bring in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assistant.errors import UserError
from assistant.interchange.imports.unpacked import part_of_unpacked

__all__ = ["files_meant"]

_STUDY_PARTS = ("study.toml", "prompts", "eval", "codebook", "runs", "exports")


def files_meant(paths: Iterable[Path]) -> Iterable[Path]:
    """Each file once, in the order of its folder. Raises `UserError` for a path that is not there.

    Hidden files, and what belongs to an unpacked project or to a study's own folder, are passed
    over where a folder is named.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p
                for p in path.rglob("*")
                if p.is_file()
                and not any(part.startswith(".") for part in p.relative_to(path).parts)
                and not part_of_unpacked(p, path)
                and not _part_of_a_study(p, path)
            )
        elif path.exists():
            inside = [path]
        else:
            raise UserError(
                "There is no such file or folder.", where=str(path), hint="Check the spelling."
            )
        for file in inside:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _part_of_a_study(file: Path, top: Path) -> bool:
    """Prompts, codebook, database and reports of a study are no interviews.

    Only where the whole study's folder is read: who names one of these folders means it.
    """
    for parent in file.parents:
        if parent != top and top not in parent.parents:
            return False
        if (parent / "study.toml").is_file():
            return file.relative_to(parent).parts[0] in _STUDY_PARTS
    return False
