"""A study as it would be with a codebook or prompt that nobody has saved yet.

The draft is a copy of the study's small files in a folder of its own, which is gone afterwards; the
database is the study's. Nothing in it is written by a preview.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.study import Study

__all__ = ["draft_of"]


@contextmanager
def draft_of(
    study: Study, *, codebook: str | None = None, prompt: tuple[str, str] | None = None
) -> Iterator[Study]:
    """``prompt``: (name of its file without ending, text)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = Study(folder, study.config)
        if study.prompts_folder.is_dir():
            shutil.copytree(study.prompts_folder, made.prompts_folder)
        made.prompts_folder.mkdir(exist_ok=True)
        for source, target in (
            (study.codebook_file, made.codebook_file),
            (study.policy_file, made.policy_file),
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_file():
                shutil.copyfile(source, target)
        if codebook is not None:
            made.codebook_file.write_text(codebook, encoding="utf-8", newline="\n")
        if prompt is not None:
            (made.prompts_folder / f"{prompt[0]}.md").write_text(
                prompt[1], encoding="utf-8", newline="\n"
            )
        yield made
