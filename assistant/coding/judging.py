"""Prepare a `judge` run: embed, shortlist, and plan a question for each cell on a shortlist.

A cell is a segment with a code. The shortlist needs no human codes, so the same questions come
again whatever people code later, and their replies are used again. The same planner serves the
preview and the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import without_examples_from
from assistant.coding.chunking import blank_segments
from assistant.coding.judge.evidence import ranking
from assistant.coding.judge.fitting import Cells
from assistant.coding.judge.passages import FloatArray, Passages, code_text, code_vectors, read
from assistant.coding.judge.people import of_whole, people_hash, silences_of
from assistant.coding.judge.question import ANSWER_TOKENS, TOP_LOGPROBS, question_variables
from assistant.coding.judge.shortlist import shortlist, worth_asking
from assistant.coding.judge.stored import StoredEmbedder
from assistant.coding.settings import NO_MODEL, Settings, check_consent
from assistant.deidentify.choosing import remark, veil_for
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.hashing import hash_json
from assistant.llm.embedded.embeddings import best_embedder
from assistant.llm.records import ChatRequest
from assistant.prompts.rendering import render
from assistant.recipe import Recipe, entries
from assistant.store.codings import scopes
from assistant.store.database import Store
from assistant.store.outcomes import NOT_ASKED
from assistant.store.transcripts import transcript, transcript_infos
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript

__all__ = ["JudgePlan", "Question", "TranscriptPlan", "prepare_judge"]

Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Question:
    """One cell with its request; without a model there is none."""

    segment: int
    code: int
    """Place among the codes that are sent."""
    request: ChatRequest | None


@dataclass(frozen=True)
class TranscriptPlan:
    transcript: Transcript
    shown: Codebook
    """Without examples from this transcript, by name or by their words."""
    passages: Passages
    scores: FloatArray
    """(segments, codes): the ranking."""
    questions: tuple[Question, ...]
    not_asked: dict[int, str]
    """Segment -> why it is ranked and not asked about."""

    def cells(self, log_odds: dict[tuple[int, int], float] | None = None) -> Cells:
        segments = np.array([q.segment for q in self.questions], np.intp)
        codes = np.array([q.code for q in self.questions], np.intp)
        if log_odds is None:
            return Cells(segments, codes, None)
        answers = [log_odds.get((q.segment, q.code), np.nan) for q in self.questions]
        return Cells(segments, codes, np.array(answers, float))


@dataclass(frozen=True)
class JudgePlan:
    settings: Settings
    codebook: Codebook
    codebook_source: str
    recipe: Recipe
    repeat: int
    targets: tuple[TranscriptPlan, ...]
    """To be coded."""
    calibration: tuple[TranscriptPlan, ...]
    """Asked about too, so that answers can be calibrated; nothing is suggested there."""
    coded: tuple[int, ...]
    """Ids of all transcripts that people coded and that may be learned from."""
    embedder: StoredEmbedder
    blank: tuple[tuple[int, int], ...]
    fit_inputs: dict[int, str]
    """Transcript id -> hash of all that its calibration will learn from."""
    notes: tuple[str, ...]
    veil: Veil | None = None

    @property
    def asked(self) -> tuple[TranscriptPlan, ...]:
        return (*self.targets, *self.calibration)

    @property
    def requests(self) -> int:
        found = {q.request.sha256 for p in self.asked for q in p.questions if q.request}
        return len(found)


def prepare_judge(
    study: Study,
    store: Store,
    settings: Settings,
    transcripts: tuple[int, ...],
    repeat: int,
    progress: Progress = lambda done, remark: None,
    *,
    words_only: bool = False,
) -> JudgePlan:
    """Everything that a run will ask. Embeds what was not embedded yet; sends nothing.

    Raises `UserError` for what the user can mend, as `assistant.coding.running.prepare` does.
    """
    codebook = load_codebook(study.codebook_file)
    if not codebook.sent:
        raise UserError(
            "The codebook has no code that a model may be asked about.",
            where=str(study.codebook_file),
            hint="Write codes into it, or derive a first one: `secondcoder codebook derive`.",
        )
    if not transcripts:
        raise UserError(
            "There is no transcript to code.", hint="Bring some in with `secondcoder import`."
        )
    coded = _coded(store)
    chosen_calibration = _calibration(study, store, settings, coded, transcripts)
    check_consent(store, settings, (*transcripts, *chosen_calibration))
    wanted = tuple(dict.fromkeys((*transcripts, *coded)))
    texts = {key: transcript(store, key) for key in wanted}
    corpus = [code_text(code) for code in codebook.sent]
    corpus += [text.text[s.start : s.end] for text in texts.values() for s in text.segments]
    chosen = best_embedder(corpus, words_only=words_only)
    embedder = StoredEmbedder(store, chosen)
    recipe = Recipe(
        strategy="judge",
        endpoint=settings.base_url,
        model=settings.model,
        model_sha256=settings.model_sha256,
        temperature=0.0,
        max_output_tokens=ANSWER_TOKENS,
        prompt_sha256=settings.prompt.sha256,
        prompt_id=settings.prompt.id,
        chunk_tokens=0,
        context_segments=1,
        shortlist=study.config.coding.shortlist,
        embedder=embedder.name if chosen.sentences else "word-statistics-1",
        calibration="logistic-4",
        codes=entries(codebook),
    )
    veil = None if settings.model == NO_MODEL else veil_for(study, store, local=settings.local)
    plans: dict[int, TranscriptPlan] = {}
    for number, (key, text) in enumerate(texts.items()):
        progress(number, text.name)
        if key in transcripts or key in chosen_calibration:
            plans[key] = _plan_one(study, settings, codebook, text, embedder, recipe, veil)
        else:
            # Kept in the study, so that the calibration finds them there.
            read(text.text, text.segments, embedder)
    blank = tuple(
        (key, n)
        for key in transcripts
        for n in blank_segments(texts[key].text, texts[key].segments)
    )
    return JudgePlan(
        settings,
        codebook,
        study.codebook_file.read_text(encoding="utf-8-sig"),
        recipe,
        repeat,
        tuple(plans[key] for key in transcripts),
        tuple(plans[key] for key in chosen_calibration),
        coded,
        embedder,
        blank,
        _fit_inputs(store, settings, codebook, transcripts, coded, chosen_calibration),
        (f"The shortlist is made by: {embedder.name}. {chosen.why}", *remark(veil)),
        veil,
    )


def _coded(store: Store) -> tuple[int, ...]:
    """Transcripts with codes of people, smallest first: they cost least to ask about."""
    infos = [i for i in transcript_infos(store) if not i.withdrawn and i.codings]
    people = {s.transcript_id for s in scopes(store) if of_whole(s)}
    return tuple(
        i.id for i in sorted(infos, key=lambda i: (i.characters, i.sha256)) if i.id in people
    )


def _calibration(
    study: Study,
    store: Store,
    settings: Settings,
    coded: tuple[int, ...],
    transcripts: tuple[int, ...],
) -> tuple[int, ...]:
    """Other coded transcripts to ask about, where the run's own coded ones are too few.

    Consent is obeyed: a transcript that may not be given to this model is passed over.
    """
    if settings.model == NO_MODEL:
        return ()
    inside = [key for key in transcripts if key in coded]
    # Each of the run's transcripts needs others than itself.
    need = study.config.coding.calibrate_on - max(0, len(inside) - 1)
    found: list[int] = []
    for key in coded:
        if len(found) >= need:
            break
        if key in transcripts:
            continue
        try:
            check_consent(store, settings, (key,))
        except UserError:
            continue
        found.append(key)
    return tuple(found)


def _plan_one(
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
    from fnmatch import fnmatchcase

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


def _fit_inputs(
    store: Store,
    settings: Settings,
    codebook: Codebook,
    transcripts: tuple[int, ...],
    coded: tuple[int, ...],
    calibration: tuple[int, ...],
) -> dict[int, str]:
    """A change of the human codes that are learned from makes another run (and asks nothing
    again: the questions stay the same)."""
    silences = silences_of(store, codebook)
    hashes = {key: people_hash(store, key, codebook, silences) for key in coded}
    asked = {*transcripts, *calibration} if settings.model != NO_MODEL else set()
    return {
        key: hash_json(
            [sorted(h for k, h in hashes.items() if k != key), sorted(asked & set(coded) - {key})]
        )
        for key in transcripts
    }
