"""Prepare a `judge` run: embed, shortlist, and plan a question for each cell on a shortlist.

A cell is a segment with a code. The shortlist needs no human codes, so the same questions come
again whatever people code later, and their replies are used again. The same planner serves the
preview and the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import without_examples_from
from assistant.coding.chunking import blank_segments
from assistant.coding.consent import check_consent, covers, may_be_learned_from
from assistant.coding.embedding import (
    EmbeddingSender,
    NotSent,
    ToEmbed,
    embedding_prices,
    endpoint_embedder,
)
from assistant.coding.judge.evidence import ranking
from assistant.coding.judge.fitting import Cells
from assistant.coding.judge.passages import FloatArray, Passages, code_text, code_vectors, read
from assistant.coding.judge.people import of_whole, people_hash, silences_of
from assistant.coding.judge.question import ANSWER_TOKENS, TOP_LOGPROBS, question_variables
from assistant.coding.judge.shortlist import shortlist, worth_asking
from assistant.coding.judge.stored import StoredEmbedder
from assistant.coding.settings import NO_MODEL, Settings
from assistant.coding.sources import Covered, codebook_covered
from assistant.deidentify.choosing import remark, veil_for
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.hashing import hash_json
from assistant.llm.client import EMBED_BATCH
from assistant.llm.embedded.embeddings import Chosen, best_embedder
from assistant.llm.prices import cost_of
from assistant.llm.records import ChatRequest
from assistant.llm.tokens import TokenCounter
from assistant.prompts.rendering import render
from assistant.recipe import Recipe, entries
from assistant.store.codings import scopes
from assistant.store.database import Store
from assistant.store.outcomes import NOT_ASKED
from assistant.store.transcripts import transcript, transcript_infos
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript, segment_body

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
    shown: Codebook
    """Without examples that consent does not cover."""
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
    left_out: tuple[str, ...] = ()
    """Examples of the codebook that consent does not cover."""
    veil: Veil | None = None
    to_embed: ToEmbed | None = None
    """Set where an endpoint has to embed first: then this is an estimate made by word statistics,
    with as many questions and others than those that will be asked."""
    sender: EmbeddingSender | None = None

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
    send: EmbeddingSender | None = None,
) -> JudgePlan:
    """Everything that a run will ask. Embeds on this computer what was not embedded yet.

    Sends nothing without ``send``; where the study names an endpoint for embedding whose vectors
    are not all there, the plan is then an estimate. Raises `UserError` for what the user can mend,
    as `assistant.coding.running.prepare` does.
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
    sent = bool(settings.embedding_model) and not words_only
    coded, notes = may_be_learned_from(store, settings, _coded(store), sent=sent)
    covered = codebook_covered(store, settings, codebook)
    notes += covered.notes
    chosen_calibration = _calibration(study, store, settings, coded, transcripts)
    check_consent(store, settings, (*transcripts, *chosen_calibration))
    wanted = tuple(dict.fromkeys((*transcripts, *coded)))
    texts = {key: transcript(store, key) for key in wanted}
    sends = sent or settings.model != NO_MODEL
    veil = veil_for(study, store, local=settings.local) if sends else None
    given = _Given(
        study,
        store,
        settings,
        codebook,
        covered,
        texts,
        transcripts,
        coded,
        chosen_calibration,
        repeat,
        veil,
    )
    corpus = [code_text(code) for code in covered.codebook.sent]
    corpus += [text.text[s.start : s.end] for text in texts.values() for s in text.segments]
    if not sent:
        chosen = best_embedder(corpus, words_only=words_only)
        return _plan(given, chosen, StoredEmbedder(store, chosen), notes, progress)
    chosen = best_embedder(corpus, endpoint_embedder(study, settings, send))
    embedder = StoredEmbedder(store, chosen, None if veil is None else lambda t: veil.text(t).text)
    try:
        return replace(_plan(given, chosen, embedder, notes, progress), sender=send)
    except NotSent:
        ahead = _to_embed(given, embedder)
    chosen = best_embedder(corpus, words_only=True)
    plan = _plan(given, chosen, StoredEmbedder(store, chosen), (*notes, _said(ahead)), progress)
    return replace(plan, to_embed=ahead)


@dataclass(frozen=True)
class _Given:
    """What a plan is made from, whatever makes the shortlist."""

    study: Study
    store: Store
    settings: Settings
    codebook: Codebook
    covered: Covered
    texts: dict[int, Transcript]
    transcripts: tuple[int, ...]
    coded: tuple[int, ...]
    calibration: tuple[int, ...]
    repeat: int
    veil: Veil | None

    @property
    def shown(self) -> Codebook:
        return self.covered.codebook


def _plan(
    given: _Given,
    chosen: Chosen,
    embedder: StoredEmbedder,
    notes: tuple[str, ...],
    progress: Progress,
) -> JudgePlan:
    study, store, settings, codebook = given.study, given.store, given.settings, given.codebook
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
        codes=entries(given.shown),
    )
    veil = given.veil if settings.model != NO_MODEL else None
    plans: dict[int, TranscriptPlan] = {}
    for number, (key, text) in enumerate(given.texts.items()):
        progress(number, text.name)
        if key in given.transcripts or key in given.calibration:
            plans[key] = _plan_one(study, settings, given.shown, text, embedder, recipe, veil)
        else:
            # Kept in the study, so that the calibration finds them there.
            read(text.text, text.segments, embedder)
    blank = tuple(
        (key, n)
        for key in given.transcripts
        for n in blank_segments(given.texts[key].text, given.texts[key].segments)
    )
    return JudgePlan(
        settings,
        codebook,
        given.shown,
        study.codebook_file.read_text(encoding="utf-8-sig"),
        recipe,
        given.repeat,
        tuple(plans[key] for key in given.transcripts),
        tuple(plans[key] for key in given.calibration),
        given.coded,
        embedder,
        blank,
        _fit_inputs(store, settings, codebook, given.transcripts, given.coded, given.calibration),
        (
            f"The shortlist is made by: {embedder.name}. {chosen.why}",
            *notes,
            *remark(given.veil),
        ),
        given.covered.left_out,
        given.veil,
    )


def _to_embed(given: _Given, embedder: StoredEmbedder) -> ToEmbed:
    """Every text that will be sent, as far as it is known: passages, then codes."""
    config = given.study.config.endpoint
    found: dict[str, None] = {}
    first: tuple[str, ...] = ()
    for text in given.texts.values():
        bodies = [segment_body(text.text, segment) for segment in text.segments]
        new = embedder.missing([text.text[start:end] for start, end in bodies])
        first = first or tuple(config.embedding_passage_prefix + t for t in new[:EMBED_BATCH])
        found |= dict.fromkeys(new)
    codes = embedder.missing([code_text(code) for code in given.shown.sent], "query")
    first = first or tuple(config.embedding_query_prefix + t for t in codes[:EMBED_BATCH])
    found |= dict.fromkeys(codes)
    counter = TokenCounter(given.settings.embedding_model)
    tokens = sum(counter.count(text) for text in found)
    return ToEmbed(
        given.settings.embedding_url,
        given.settings.embedding_model,
        tuple(found),
        tokens,
        first,
        cost_of(embedding_prices(given.settings), tokens, 0),
    )


def _said(ahead: ToEmbed) -> str:
    return (
        f"First the words of {len(ahead.texts)} passages and codes (about {ahead.tokens} tokens, "
        f"{ahead.requests} of the calls) are sent to {ahead.endpoint} for embedding by "
        f"“{ahead.model}”; sentences of passages that get a code follow. Which codes a passage is "
        "asked about depends on the answer, so that the figures above are an estimate."
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
    consent = {info.id: info.consent for info in transcript_infos(store)}
    others = (k for k in coded if k not in transcripts and covers(settings, consent[k]))
    return tuple(islice(others, max(0, need)))


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
