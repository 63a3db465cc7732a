"""Prompt versions beside the study: find, list, check, and show what would really be sent.

A preview is made by the run's own planner, so that what is shown and what is sent cannot differ.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.codebook.records import Code, Codebook, Example
from assistant.coding.opening import CodeOptions
from assistant.coding.records import Chunk, Piece
from assistant.coding.running import prepare
from assistant.coding.settings import NO_MODEL, Settings, resolve
from assistant.coding.variables import list_variables
from assistant.coding.vectorpreview import VectorsShown, said_of_vectors, vectors_shown
from assistant.errors import SecondCoderError, UserError
from assistant.llm.records import ChatRequest
from assistant.prompts.loading import list_prompts, load_prompt, parse_prompt
from assistant.prompts.records import Prompt, Strategy
from assistant.prompts.rendering import render, variables_used
from assistant.store.database import Store
from assistant.store.model.runs import runs
from assistant.store.texts.transcripts import transcript
from assistant.store.versions import prompt as stored_prompt
from assistant.store.versions import prompt_versions
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript

if TYPE_CHECKING:
    from assistant.coding.judge.plan import JudgePlan

__all__ = [
    "Previewed",
    "PromptChecked",
    "PromptListed",
    "RequestShown",
    "check_prompts",
    "find_prompt",
    "listed_prompts",
    "preview_all",
    "preview_request",
    "preview_requests",
    "variables_of",
]


@dataclass(frozen=True)
class PromptListed:
    id: str
    strategy: str
    purpose: str
    sha256: str
    file: str
    """Name of the file in ``prompts/``; empty for a version that only the database has."""
    runs: int


@dataclass(frozen=True)
class PromptChecked:
    file: str
    id: str
    mistakes: tuple[str, ...]


@dataclass(frozen=True)
class RequestShown:
    """One planned request, exactly as it would be sent."""

    prompt: str
    transcript: str
    chunk: int
    chunks: int
    first_segment: int
    last_segment: int
    input_tokens: int
    exact: bool
    """Whether the tokens are counted with the model's own table, or over-estimated."""
    system: str
    user: str
    request: str
    """The whole request as JSON, with schema and parameters."""
    sha256: str


@dataclass(frozen=True)
class Previewed:
    requests: tuple[RequestShown, ...]
    vectors: tuple[VectorsShown, ...] = ()
    """They go first: which questions are asked depends on what comes back."""
    remarks: tuple[str, ...] = ()


def listed_prompts(study: Study, store: Store) -> tuple[PromptListed, ...]:
    """The prompts in the study's folder, then versions that runs used and no file holds now. A run
    that asked no model sent no prompt, and is one of none."""
    used = Counter(r.prompt_sha256 for r in runs(store) if r.header.get("model_asked") != NO_MODEL)
    files = _files(study)
    here = [
        PromptListed(p.id, p.strategy, p.purpose, p.sha256, file.name, used[p.sha256])
        for file, p in zip(files, list_prompts(study.prompts_folder), strict=True)
    ]
    known = {p.sha256 for p in here}
    gone = [
        PromptListed(key, _strategy(store, sha), purpose, sha, "", used[sha])
        for sha, key, purpose, _ in prompt_versions(store)
        if sha not in known
    ]
    return (*here, *gone)


def _strategy(store: Store, sha256: str) -> str:
    return parse_prompt(stored_prompt(store, sha256), sha256).strategy


def find_prompt(study: Study, store: Store, name: str) -> Prompt:
    """A prompt by file name or id in the study's folder, by path, or by the beginning of the hash
    of a stored version.

    Raises `UserError` when there is none or several begin so.
    """
    given = Path(name)
    for file in (given, study.prompts_folder / name, study.prompts_folder / f"{name}.md"):
        if file.suffix == ".md" and file.is_file():
            return load_prompt(file)
    for file in _files(study):
        prompt = load_prompt(file)
        if prompt.id == name:
            return prompt
    wanted = name.removeprefix("sha256:").casefold()
    stored = [sha for sha, *_ in prompt_versions(store)]
    found = [sha for sha in stored if sha.removeprefix("sha256:").startswith(wanted)]
    if len(found) == 1 and len(wanted) >= 4:
        return parse_prompt(stored_prompt(store, found[0]), found[0])
    there = ", ".join(file.stem for file in _files(study)) or "none"
    raise UserError(
        f"There is no prompt “{name}”."
        if len(found) < 2
        else f"More than one stored prompt version begins with “{name}”.",
        where=str(study.prompts_folder),
        hint=f"The study has: {there}. A version that was used is found by the first signs of its "
        "hash (`secondcoder prompts list`).",
    )


def _files(study: Study) -> list[Path]:
    files = sorted(study.prompts_folder.glob("*.md"))
    return [file for file in files if file.stem.lower() != "readme"]


def variables_of(prompt: Prompt) -> tuple[str, ...]:
    return tuple(sorted(variables_used(prompt)))


def check_prompts(study: Study) -> tuple[PromptChecked, ...]:
    """Every prompt of the study's folder, with all that is wrong with it.

    Each is also filled in with an invented passage, so that a name or field that does not exist is
    found before a run.
    """
    checked: list[PromptChecked] = []
    first: dict[str, str] = {}
    for file in _files(study):
        mistakes: list[str] = []
        key = ""
        try:
            prompt = load_prompt(file)
            key = prompt.id
            render(prompt, _invented(prompt.strategy))
        except SecondCoderError as error:
            mistakes.append(str(error))
        if key and key in first:
            mistakes.append(f"The id “{key}” is that of {first[key]} too; give one another id.")
        elif key:
            first[key] = file.name
        checked.append(PromptChecked(file.name, key, tuple(mistakes)))
    return tuple(checked)


def _invented(strategy: Strategy) -> dict[str, object]:
    """Variables of a small invented passage in which no field is empty."""
    words = "We water at six. Then the heat comes.\n\nAnd the beans?"
    told = Transcript(
        id=0,
        name="Invented",
        sha256="",
        text=words,
        language="en",
        consent="none",
        segments=(
            Segment(index=0, start=0, end=39, speaker="A", turn=0),
            Segment(index=1, start=39, end=len(words), speaker="B", turn=1),
        ),
    )
    examples = (
        Example(text="Before breakfast, always."),
        Example(text="Six of them.", applies=False),
    )
    codes = tuple(
        Code(
            id=key,
            name=key.title(),
            definition="When the work is done.",
            include="Also habits.",
            exclude="Not the weather.",
            examples=examples,
            family="Day",
            exclusive_with=(other,),
        )
        for key, other in (("time", "place"), ("place", "time"))
    )
    if strategy == "judge":
        from assistant.coding.judge.question import question_variables

        variables = question_variables(told, 1, codes[0], "Day")
        return {**variables, "after": variables["before"]}
    book = Codebook(name="Garden", families={"Day": "How a day goes"}, codes=codes)
    one, two = (Piece(segment=s.index, start=s.start, end=s.end) for s in told.segments)
    chunk = Chunk(
        index=0,
        first_segment=0,
        last_segment=1,
        pieces=(one, two),
        context_before=(one,),
        context_after=(two,),
    )
    return list_variables(book, told, chunk)


def preview_request(
    study: Study, store: Store, prompt: str, transcript_id: int, chunk: int = 1
) -> RequestShown:
    """The request that a run with this prompt would send for a chunk of a transcript.

    ``chunk`` counts from 1; with the strategy `judge` it counts the questions. Sends nothing.
    Raises `UserError` as the planner does, and for a chunk that is not there.
    """
    asked = preview_requests(study, store, prompt, transcript_id)
    if not 1 <= chunk <= len(asked):
        raise UserError(
            f"There is no chunk {chunk}: “{asked[0].transcript}” makes {len(asked)}.",
            hint=f"Choose one from 1 to {len(asked)}.",
        )
    return asked[chunk - 1]


def preview_requests(
    study: Study, store: Store, prompt: str, transcript_id: int
) -> tuple[RequestShown, ...]:
    """Every request that a run with this prompt would send about a transcript, at least one.

    Sends nothing. Raises `UserError` as the planner does, and where nothing would be asked.
    """
    found = preview_all(study, store, prompt, transcript_id)
    if not found.requests:
        name = transcript(store, transcript_id).name
        hint = " ".join(resolve(study, prompt=prompt).notes)
        raise UserError(f"Nothing would be asked about “{name}”.", hint=hint)
    return found.requests


def preview_all(study: Study, store: Store, prompt: str, transcript_id: int) -> Previewed:
    """Everything that a run with this prompt would send about a transcript: questions, and what
    goes to an endpoint for vectors before them. Sends nothing. Raises `UserError` as the planner
    does."""
    options = CodeOptions(transcripts=(transcript_id,), prompt=prompt)
    settings = resolve(study, prompt=prompt)
    vectors: tuple[VectorsShown, ...] = ()
    remarks: tuple[str, ...] = ()
    if settings.strategy == "judge":
        plan = _judge_plan(study, store, settings, transcript_id)
        asked, exact = _judge_requests(plan, settings)
        if settings.embedding_model:
            vectors = vectors_shown(plan, transcript_id)
            remarks = (said_of_vectors(plan, vectors, transcript_id),)
    else:
        asked, exact = _list_requests(study, store, options)
    name = transcript(store, transcript_id).name
    requests = tuple(
        RequestShown(
            settings.prompt.id,
            name,
            number,
            len(asked),
            first,
            last,
            tokens,
            exact,
            request.system,
            request.user,
            json.dumps(request.model_dump(mode="json"), ensure_ascii=False, indent=2),
            request.sha256,
        )
        for number, (first, last, tokens, request) in enumerate(asked, start=1)
    )
    return Previewed(requests, vectors, remarks)


_Asked = list[tuple[int, int, int, ChatRequest]]
"""First segment, last segment, tokens, request."""


def _list_requests(study: Study, store: Store, options: CodeOptions) -> tuple[_Asked, bool]:
    plan = prepare(study, store, options).plan
    return [
        (c.chunk.first_segment, c.chunk.last_segment, c.input_tokens, c.request) for c in plan.calls
    ], plan.exact


def _judge_plan(study: Study, store: Store, settings: Settings, transcript_id: int) -> JudgePlan:
    from assistant.coding.judge.preparing import prepare_judge

    return prepare_judge(study, store, settings, (transcript_id,), 1)


def _judge_requests(plan: JudgePlan, settings: Settings) -> tuple[_Asked, bool]:
    from assistant.llm.tokens import TokenCounter

    counter = TokenCounter(settings.model)
    (target,) = plan.targets
    return [
        (q.segment, q.segment, counter.count_request(q.request), q.request)
        for q in target.questions
        if q.request is not None
    ], counter.exact
