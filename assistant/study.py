"""The study: a folder with ``study.toml``, and what that file may say.

Files in a study are working copies. Every version that a run used is in ``runs/study.db``, by hash.
"""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import shipped
from assistant.errors import UserError

__all__ = ["EndpointConfig", "Study", "StudyConfig", "create_study", "open_study"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EndpointConfig(_Section):
    """Where the model is. ``base_url`` empty means the embedded model."""

    base_url: str = ""
    model: str = ""
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key. Keys never stand in files."""
    processor: str = ""
    """Name under which consent is given, such as ``OpenAI`` or ``university cluster``."""
    api_version: str = ""
    """Azure only."""
    max_concurrency: int = Field(8, ge=1, le=256)
    timeout_seconds: float = Field(120.0, gt=0)
    price_in: float | None = None
    """Price of a million input tokens; None: not known."""
    price_out: float | None = None
    currency: str = "USD"
    embedding_model: str = ""
    """``judge``: model at the same address that makes the shortlist through ``/v1/embeddings``."""
    embedding_query_prefix: str = ""
    """Written before a code's words, for models that were trained with one."""
    embedding_passage_prefix: str = ""
    embedding_price: float | None = None
    """Price of a million tokens sent for embedding; None: not known."""


class CodingConfig(_Section):
    """How transcripts are cut and asked about."""

    strategy: Literal["auto", "list", "judge"] = "auto"
    """``auto``: ``judge`` with the embedded model, ``list`` elsewhere."""
    prompt: str = "auto"
    """File name in ``prompts/`` without ending. ``auto``: the strategy's default."""
    chunk_tokens: int = Field(1500, ge=100)
    context_segments: int = Field(2, ge=0, le=20)
    temperature: float = Field(0.0, ge=0.0, le=2.0)
    max_output_tokens: int = Field(2000, ge=64)
    shortlist: int = Field(4, ge=1, le=50)
    """``judge``: how many codes a segment is asked about."""
    ask_interviewers: bool = False
    """``judge``: whether passages of interviewers are asked about too."""
    calibrate_on: int = Field(3, ge=0, le=50)
    """``judge``: on how many other transcripts, which people have coded, the model is asked too, so
    that its answers can be calibrated. 0: on those of the same run only."""


class PrivacyConfig(_Section):
    """What is replaced in what is sent to a model."""

    pseudonyms: Literal["elsewhere", "always", "never"] = "elsewhere"
    """``elsewhere``: when the model is not on this computer."""
    patterns: bool = True
    """Whether e-mail addresses, telephone numbers and the like are replaced as well."""


class UnitsConfig(_Section):
    """What counts as a unit of agreement."""

    interviewers: tuple[str, ...] = ("Interviewer*", "Moderator*", "I", "I[0-9]", "INT", "INT[0-9]")
    """Speaker names (globs, case ignored) that ask the questions."""
    count_interviewers: bool = True
    """False: segments of interviewers are left out of agreement."""


class StudyConfig(_Section):
    """``study.toml``."""

    name: str = "Study"
    codebook: str = "codebook/codebook.yaml"
    policy: str = "eval/policy.toml"
    endpoint: EndpointConfig = EndpointConfig()
    coding: CodingConfig = CodingConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    units: UnitsConfig = UnitsConfig()


@dataclass(frozen=True)
class Study:
    """An opened study folder."""

    folder: Path
    config: StudyConfig

    @property
    def database(self) -> Path:
        return self.folder / "runs" / "study.db"

    @property
    def codebook_file(self) -> Path:
        return self.folder / self.config.codebook

    @property
    def policy_file(self) -> Path:
        return self.folder / self.config.policy

    @property
    def prompts_folder(self) -> Path:
        return self.folder / "prompts"

    @property
    def transcripts_folder(self) -> Path:
        return self.folder / "transcripts"

    @property
    def reports_folder(self) -> Path:
        return self.folder / "runs" / "reports"


_STUDY_TOML = """\
# A Second Coder study. Every line below is a default and can be changed.
name = {name}

[endpoint]
# Empty: the embedded model, which runs on this computer and sends nothing anywhere.
# base_url = "http://localhost:11434/v1"
# model = "name of the model"
# The key itself never stands in a file: name the environment variable that holds it.
# api_key_env = "OPENAI_API_KEY"
# embedding_model = "name of a model"   # judge: makes the shortlist through /v1/embeddings there

[coding]
# strategy = "auto"     # judge for the embedded model, list elsewhere

[privacy]
# pseudonyms = "elsewhere"   # names are replaced when the model is not on this computer
# patterns = true            # e-mail addresses, telephone numbers and the like as well

[units]
# interviewers = ["Interviewer*"]
# count_interviewers = true
"""

_GITIGNORE = """\
# Confidential: participants' words and everything made from them.
transcripts/
runs/
exports/
"""


def create_study(folder: Path, *, name: str = "") -> Study:
    """Make a study in ``folder``; asks nothing, overwrites nothing.

    Raises `UserError` when ``folder`` already is a study.
    """
    if (folder / "study.toml").exists():
        raise UserError(
            "This folder already is a study.",
            where=str(folder / "study.toml"),
            hint="Work on it as it is, or choose another folder.",
        )
    try:
        for sub in ("transcripts", "codebook", "prompts", "eval", "runs"):
            (folder / sub).mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:
        # A drive that is not there, or a place of the system's own where nothing can be made.
        raise UserError(
            "No folder can be made there.",
            where=str(folder),
            hint="Choose a place on a disk that is there, such as a folder of your documents.",
        ) from error
    title = name or folder.resolve().name
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    (folder / "study.toml").write_text(_STUDY_TOML.format(name=quoted), encoding="utf-8")
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(_GITIGNORE, encoding="utf-8")
    for prompt in sorted(shipped.prompts().glob("*.md")):
        _copy_new(prompt, folder / "prompts" / prompt.name)
    _copy_new(shipped.policy(), folder / "eval" / "policy.toml")
    _copy_new(shipped.shipped_codebooks() / "starter.yaml", folder / "codebook" / "codebook.yaml")
    return open_study(folder)


def _copy_new(source: Path, target: Path) -> None:
    if source.exists() and not target.exists():
        shutil.copyfile(source, target)


def open_study(folder: Path) -> Study:
    """Open the study in ``folder``.

    Raises `UserError` when there is none, or when ``study.toml`` cannot be understood; the message
    names the line or the field.
    """
    file = folder / "study.toml"
    if not file.is_file():
        raise UserError(
            "There is no study here.",
            where=str(folder.resolve()),
            hint="Make one with `secondcoder init FOLDER`, or name one with `--study FOLDER`.",
        )
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(
            f"study.toml cannot be read: {error}",
            where=str(file),
            hint='Mend that line. Texts stand in quotation marks (name = "Garden"); numbers, true '
            "and false do not.",
        ) from error
    try:
        config = StudyConfig.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        unknown = first["type"] == "extra_forbidden"
        raise UserError(
            f"study.toml: there is no setting “{field}”."
            if unknown
            else f"study.toml: “{field}” cannot be that: {first['msg']}",
            where=f"{file}, field {field}",
            hint="Compare the spelling, and the section in which it stands, with the comments in "
            "the file."
            if unknown
            else "Compare with the comments in the file, or remove the line to use the default.",
        ) from error
    return Study(folder.resolve(), config)
