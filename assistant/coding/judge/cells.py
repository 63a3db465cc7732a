"""The questions that `judge` asks about one transcript: which cells, and each with its request.

Which cells are asked about needs no human codes, so the same questions come again whatever people
code later. Neither vectors nor questions hold an example from the transcript that they are about.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import without_examples_from
from assistant.coding.judge.evidence import ranking
from assistant.coding.judge.passages import code_vectors, read
from assistant.coding.judge.plan import Question, TranscriptPlan
from assistant.coding.judge.question import ANSWER_TOKENS, TOP_LOGPROBS, question_variables
from assistant.coding.judge.shortlist import shortlist, worth_asking
from assistant.coding.judge.stored import StoredEmbedder
from assistant.coding.settings import NO_MODEL, Settings
from assistant.deidentify.veil import Veil
from assistant.llm.records import ChatRequest
from assistant.prompts.rendering import render
from assistant.recipe import Recipe
from assistant.store.model.outcomes import NOT_ASKED
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript

__all__ = ["plan_transcript"]


def plan_transcript(
    study: Study,
    settings: Settings,
    codebook: Codebook,
    text: Transcript,
    embedder: StoredEmbedder,
    recipe: Recipe,
    veil: Veil | None,
) -> TranscriptPlan:
    passages = read(text.text, text.segments, embedder)
    # Neither vectors nor questions hold an example from this transcript, whatever it says it is
    # from.
    shown = without_examples_from(codebook, text.name, text.text)
    scores = ranking(passages, code_vectors(shown, embedder, text.name))
    not_asked: dict[int, str] = {}
    long_enough = worth_asking(passages)
    for segment in text.segments:
        if not long_enough[segment.index]:
            not_asked[segment.index] = f"{NOT_ASKED}too short"
        elif not study.config.coding.ask_interviewers and _asks(study, segment):
            not_asked[segment.index] = f"{NOT_ASKED}the interviewer speaks"
    questions: list[Question] = []
    for segment_index, row in enumerate(shortlist(scores, recipe.shortlist)):
        if segment_index in not_asked:
            continue
        for code in row:
            request = (
                None
                if settings.model == NO_MODEL
                else _request(settings, shown, text, segment_index, int(code), veil)
            )
            questions.append(Question(segment_index, int(code), request))
    return TranscriptPlan(text, shown, passages, scores, tuple(questions), not_asked)


def _asks(study: Study, segment: Segment) -> bool:
    name = segment.speaker.casefold()
    return any(fnmatchcase(name, p.casefold()) for p in study.config.units.interviewers)


def _request(
    settings: Settings,
    codebook: Codebook,
    text: Transcript,
    segment: int,
    code: int,
    veil: Veil | None,
) -> ChatRequest:
    if veil is not None:
        codebook, text = veil.codebook(codebook), veil.transcript(text)
    asked = codebook.sent[code]
    rendered = render(
        settings.prompt,
        question_variables(text, segment, asked, codebook.family_of(asked.id)),
    )
    request = ChatRequest(
        model=settings.model,
        system=rendered.system,
        user=rendered.user,
        temperature=0.0,
        max_output_tokens=ANSWER_TOKENS,
        top_logprobs=TOP_LOGPROBS,
        endpoint=settings.base_url,
    )
    return request if veil is None else veil.finish(request)
