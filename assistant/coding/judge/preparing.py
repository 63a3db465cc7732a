"""Prepare a `judge` run: embed, shortlist, and plan a question for each cell on a shortlist.

A cell is a segment with a code. The shortlist needs no human codes, so the same questions come
again whatever people code later, and their replies are used again. The same planner serves the
preview and the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import without_examples_from
from assistant.coding.chunking import blank_segments
from assistant.coding.consent import check_consent, may_be_learned_from
from assistant.coding.embedding import (
    EmbeddingSender,
    NotSent,
    ToEmbed,
    embedding_prices,
    endpoint_embedder,
)
from assistant.coding.judge.cells import plan_transcript
from assistant.coding.judge.learning import asked_for_calibration, coded_transcripts, fit_inputs
from assistant.coding.judge.passages import code_text, read
from assistant.coding.judge.plan import JudgePlan, TranscriptPlan
from assistant.coding.judge.question import ANSWER_TOKENS
from assistant.coding.judge.stored import StoredEmbedder
from assistant.coding.settings import NO_MODEL, Settings
from assistant.coding.sources import Covered, codebook_covered
from assistant.deidentify.choosing import remark, veil_for
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.llm.client import EMBED_BATCH
from assistant.llm.embedded.embeddings import Chosen, best_embedder
from assistant.llm.prices import cost_of
from assistant.llm.records import EmbeddingRequest
from assistant.llm.tokens import TokenCounter
from assistant.recipe import Recipe, entries
from assistant.store.database import Store
from assistant.store.model.words_kept import withdrawn_now
from assistant.store.texts.transcripts import transcript
from assistant.study import Study
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["prepare_judge"]

Progress = Callable[[int, str], None]


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
    withdrawn = withdrawn_now(store)  # before anything is read that a withdrawal erases
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
    coded, notes = may_be_learned_from(store, settings, coded_transcripts(store), sent=sent)
    covered = codebook_covered(store, settings, codebook)
    notes += covered.notes
    calibration = asked_for_calibration(study, store, settings, coded, transcripts)
    check_consent(store, settings, (*transcripts, *calibration))
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
        calibration,
        repeat,
        veil,
        withdrawn,
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


def transcripts_read(
    store: Store, settings: Settings, transcripts: tuple[int, ...], *, words_only: bool = False
) -> int:
    """How many transcripts `prepare_judge` reads: those to be coded and those to be learned from.

    Its ``progress`` counts them.
    """
    sent = bool(settings.embedding_model) and not words_only
    coded, _ = may_be_learned_from(store, settings, coded_transcripts(store), sent=sent)
    return len({*transcripts, *coded})


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
    withdrawn: frozenset[int]

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
            plans[key] = plan_transcript(study, settings, given.shown, text, embedder, recipe, veil)
        else:
            # Kept in the study, so that the calibration finds them there.
            read(text.text, text.segments, embedder)
    progress(len(given.texts), "")
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
        fit_inputs(store, settings, codebook, given.transcripts, given.coded, given.calibration),
        (
            f"The shortlist is made by: {embedder.name}. {chosen.why}",
            *notes,
            *remark(given.veil),
        ),
        given.covered.left_out,
        given.veil,
        withdrawn=given.withdrawn,
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
        {key: _requests_about(given, embedder, given.texts[key]) for key in given.transcripts},
    )


def _requests_about(
    given: _Given, embedder: StoredEmbedder, text: Transcript
) -> tuple[EmbeddingRequest, ...]:
    config, settings = given.study.config.endpoint, given.settings
    bodies = [segment_body(text.text, segment) for segment in text.segments]
    shown = without_examples_from(given.shown, text.name, text.text)
    codes = [code_text(code, text.name) for code in shown.sent]
    return tuple(
        EmbeddingRequest(
            endpoint=settings.embedding_url,
            model=settings.embedding_model,
            texts=tuple(prefix + one for one in new[start : start + EMBED_BATCH]),
        )
        for prefix, new in (
            (
                config.embedding_passage_prefix,
                embedder.missing([text.text[start:end] for start, end in bodies]),
            ),
            (config.embedding_query_prefix, embedder.missing(codes, "query")),
        )
        for start in range(0, len(new), EMBED_BATCH)
    )


def _said(ahead: ToEmbed) -> str:
    return (
        f"First the words of {len(ahead.texts)} passages and codes (about {ahead.tokens} tokens, "
        f"{ahead.requests} of the calls) are sent to {ahead.endpoint} for embedding by "
        f"“{ahead.model}”; sentences of passages that get a code follow. Which codes a passage is "
        "asked about depends on the answer, so that the figures above are an estimate."
    )
