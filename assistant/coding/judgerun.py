"""A run of the `judge` strategy: ask each question once, calibrate, suggest.

Answers are stored one by one, raw reply first; what they mean together is computed at the end from
stored answers alone. A process killed in between asks only what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.codebook.transcripts import without_examples_from
from assistant.coding.asking import Asker
from assistant.coding.judge.calibration import Fit, Uncalibrated
from assistant.coding.judge.fitting import Cells, CodeVectors, Judged, judge_cells
from assistant.coding.judge.passages import CodedPassages, FloatArray, code_text, code_vectors
from assistant.coding.judge.people import coded_by_people, silences_of
from assistant.coding.judge.question import LogOdds, read_reply
from assistant.coding.judge.quote import Words, cut_quote, sentences
from assistant.coding.judge.shortlist import shortlist
from assistant.coding.judgeplan import JudgePlan, Question, TranscriptPlan
from assistant.coding.working import work_all
from assistant.llm.problems import FatalProviderError
from assistant.llm.tokens import TokenCounter
from assistant.store.calls import set_call_outcome
from assistant.store.chunks import chunks, set_chunk
from assistant.store.database import Store
from assistant.store.outcomes import set_segment_outcomes
from assistant.store.records import ChunkRow, Judgement, NewSuggestion, SegmentOutcome
from assistant.store.runs import set_run_fit
from assistant.store.suggestions import (
    judgements,
    replace_judgements,
    replace_transcript_suggestions,
)
from assistant.store.transcripts import transcript
from assistant.store.versions import record_fit
from assistant.transcripts.records import Transcript

__all__ = ["JudgeRun", "question_key"]

_WORKERS_PER_SLOT = 2


def question_key(transcript_id: int, segment: int, code: str) -> str:
    return f"{transcript_id}/{segment}/{code}"


@dataclass(frozen=True)
class JudgeRun:
    store: Store
    run_id: int
    plan: JudgePlan

    @cached_property
    def counter(self) -> TokenCounter:
        """For what a question can cost at most."""
        return TokenCounter(self.plan.settings.model)

    def code_id(self, number: int) -> str:
        return self.plan.codebook.sent[number].id

    # --- asking --------------------------------------------------------------------------------

    async def ask(self, asker: Asker, slots: int, progress: Callable[[int, str], None]) -> None:
        """Put every question that has no answer yet. Raises what ends a run."""
        rows = {row.key: row for row in chunks(self.store, self.run_id)}
        todo: list[tuple[TranscriptPlan, Question, ChunkRow]] = []
        done = 0
        for plan in self.plan.asked:
            for question in plan.questions:
                key = question_key(
                    plan.transcript.id, question.segment, self.code_id(question.code)
                )
                row = rows[key]
                if row.status == "done":
                    done += 1
                else:
                    todo.append((plan, question, row))
        progress(done, "")

        async def take(item: tuple[TranscriptPlan, Question, ChunkRow]) -> None:
            nonlocal done
            await self._ask_one(asker, *item)
            done += 1
            progress(done, item[0].transcript.name)

        # One slot is the embedded server: it reads a passage once for all its codes if the
        # questions come strictly one after the other. Elsewhere, storing a reply must not leave
        # the endpoint idle.
        await work_all(todo, take, slots if slots == 1 else slots * _WORKERS_PER_SLOT)

    async def _ask_one(
        self, asker: Asker, plan: TranscriptPlan, question: Question, row: ChunkRow
    ) -> None:
        assert question.request is not None
        tokens = self.counter.count_request(question.request)
        answer = await asker.ask(row, question.request, tokens)
        read = read_reply(answer.reply)
        with self.store.transaction():
            if isinstance(read, LogOdds):
                # One token was asked for and came: that it was cut off there is as it should be.
                set_call_outcome(self.store, answer.call_id, "ok", "")
                set_chunk(self.store, row.id, "done")
                replace_judgements(
                    self.store,
                    self.run_id,
                    [
                        Judgement(
                            plan.transcript.id,
                            question.segment,
                            self.code_id(question.code),
                            float(plan.scores[question.segment, question.code]),
                            read.value,
                            call_id=answer.call_id,
                        )
                    ],
                )
            else:
                if answer.reply.outcome in ("ok", "cut-off"):
                    set_call_outcome(self.store, answer.call_id, "invalid", read.reason)
                set_chunk(self.store, row.id, "failed", read.reason)
        if asker.client is not None and asker.client.capabilities.logprobs is False:
            raise FatalProviderError(
                "This endpoint gives no log-probabilities, and the strategy “judge” cannot do "
                "without them.",
                where=self.plan.settings.base_url,
                hint="Use the strategy “list” with this endpoint: --strategy list.",
            )

    # --- what the answers mean together --------------------------------------------------------

    def conclude(self, progress: Callable[[str], None] = lambda _: None) -> tuple[str, ...]:
        """Calibrate for each transcript on others, store fits, judgements and suggestions.

        Returns notes for the run's header. Does the same again from the same answers: what was
        suggested before stays, with its decisions.
        """
        others = self._people()
        plans = {plan.transcript.sha256: plan for plan in self.plan.asked}
        answers = {plan.transcript.sha256: self._answers(plan) for plan in self.plan.asked}
        asked = {
            sha: plans[sha].cells(found) for sha, found in answers.items() if found is not None
        }
        codes = self._code_vectors()
        shortlists = {o.sha256: self._shortlist(o, plans, codes) for o in others}
        notes: list[str] = []
        for plan in self.plan.targets:
            progress(plan.transcript.name)
            sha = plan.transcript.sha256
            judged = judge_cells(
                sha,
                plan.passages,
                plan.cells(answers[sha]),
                codes,
                [o for o in others if o.sha256 != sha],
                {k: v for k, v in asked.items() if k != sha},
                {k: v for k, v in shortlists.items() if k != sha},
                self.plan.recipe.sha256,
            )
            notes.append(self._keep(plan, answers[sha], judged))
        return tuple(dict.fromkeys(notes))

    def _code_vectors(self) -> CodeVectors:
        """The codes' vectors without examples from some transcripts; each text is read once."""
        book = self.plan.shown
        texts = (
            *(p.transcript for p in self.plan.asked),
            *(transcript(self.store, key) for key in self.plan.coded),
        )
        kept = {
            text.sha256: [
                code.examples for code in without_examples_from(book, text.name, text.text).codes
            ]
            for text in texts
        }
        sent = {code.id for code in book.sent}
        known: dict[tuple[str, ...], FloatArray] = {}

        def vectors(*hashes: str) -> FloatArray:
            allowed = []
            for number, code in enumerate(book.codes):
                examples = tuple(
                    e for e in code.examples if all(e in kept[sha][number] for sha in hashes)
                )
                if code.id in sent:
                    allowed.append(code_text(code.model_copy(update={"examples": examples})))
            key = tuple(allowed)
            if key not in known:
                known[key] = self.plan.embedder.embed(allowed, "query")
            return known[key]

        return vectors

    def _people(self) -> list[CodedPassages]:
        silences = silences_of(self.store, self.plan.codebook)
        found = (
            coded_by_people(self.store, key, self.plan.codebook, self.plan.embedder, silences)
            for key in self.plan.coded
        )
        return [one for one in found if one is not None]

    def _answers(self, plan: TranscriptPlan) -> dict[tuple[int, int], float] | None:
        """(segment, code number) -> log-odds; None where no model is asked."""
        if not any(q.request for q in plan.questions):
            return None
        numbers = {code.id: n for n, code in enumerate(self.plan.codebook.sent)}
        return {
            (j.segment, numbers[j.code]): j.log_odds
            for j in judgements(self.store, self.run_id, plan.transcript.id)
            if j.log_odds is not None and j.code in numbers
        }

    def _shortlist(
        self, other: CodedPassages, plans: dict[str, TranscriptPlan], codes: CodeVectors
    ) -> Cells:
        if other.sha256 in plans:
            return plans[other.sha256].cells()
        from assistant.coding.judge.evidence import ranking

        best = shortlist(ranking(other.passages, codes(other.sha256)), self.plan.recipe.shortlist)
        segments = np.repeat(np.arange(len(best)), best.shape[1])
        return Cells(segments.astype(np.intp), best.ravel().astype(np.intp), None)

    def _keep(
        self,
        plan: TranscriptPlan,
        answers: dict[tuple[int, int], float] | None,
        judged: Judged,
    ) -> str:
        fit = judged.fit
        text = plan.transcript
        rows = {row.key: row for row in chunks(self.store, self.run_id)}
        probabilities = judged.probability
        stored: list[Judgement] = []
        chosen: list[tuple[int | None, Question, str, float | None]] = []
        calls = {
            (j.segment, j.code): j.call_id for j in judgements(self.store, self.run_id, text.id)
        }
        threshold = fit.threshold if isinstance(fit, Fit) else 2.0
        for number, question in enumerate(plan.questions):
            code = self.code_id(question.code)
            call_id = calls.get((question.segment, code))
            log_odds = None if answers is None else answers.get((question.segment, question.code))
            probability = None if probabilities is None else float(probabilities[number])
            unanswered = answers is not None and log_odds is None
            yes = probability is not None and probability >= threshold and not unanswered
            stored.append(
                Judgement(
                    text.id,
                    question.segment,
                    code,
                    float(plan.scores[question.segment, question.code]),
                    log_odds,
                    probability,
                    yes,
                    call_id,
                )
            )
            if yes:
                chosen.append((call_id, question, code, probability))
        # One call for all sentences: each has a cost of its own beside that of its words.
        wanted = {question.segment for _, question, _, _ in chosen}
        self.plan.embedder.embed(
            [
                s
                for n in sorted(wanted)
                for s in sentences(text.text, text.segments[n], self._words(text))
            ],
            "passage",
        )
        suggestions: list[tuple[int | None, NewSuggestion]] = [
            (call_id, self._suggestion(plan, question, code, probability))
            for call_id, question, code, probability in chosen
        ]
        with self.store.transaction():
            if isinstance(fit, Fit):
                record_fit(
                    self.store,
                    fit.sha256,
                    self.plan.recipe.sha256,
                    fit.model_dump_json(),
                    fit.transcripts,
                )
                set_run_fit(self.store, self.run_id, text.id, fit.sha256)
            replace_judgements(self.store, self.run_id, stored)
            replace_transcript_suggestions(self.store, self.run_id, text.id, suggestions)
            set_segment_outcomes(self.store, self.run_id, self._outcomes(plan, suggestions, rows))
        if isinstance(fit, Uncalibrated):
            return (
                f"Not calibrated, so nothing is suggested and codes are only ranked: {fit.reason}"
            )
        how = (
            "the model's answers and the shortlist's evidence"
            if judged.with_answers
            else "the shortlist's evidence alone"
        )
        if fit.answers_tried and not judged.with_answers:
            how += (
                " (the model's answers are left out: on the other interviews they made it worse, "
                "not better)"
            )
        return f"Probabilities are calibrated on {how}."

    def _words(self, text: Transcript) -> Words | None:
        """What may be sent of a stretch of a transcript, where an endpoint embeds and names are
        replaced. A sentence may cut a name, so it is taken from the text with all names replaced.
        """
        if self.plan.veil is None or self.plan.sender is None:
            return None
        return self.plan.veil.masked(text).shown

    def _suggestion(
        self, plan: TranscriptPlan, question: Question, code: str, probability: float | None
    ) -> NewSuggestion:
        text = plan.transcript
        asked = plan.shown.sent[question.code]
        vectors = code_vectors(plan.shown, self.plan.embedder, text.name)
        start, end = cut_quote(
            text.text,
            text.segments[question.segment],
            vectors[question.code],
            self.plan.embedder,
            self._words(text),
        )
        quote = text.text[start:end]
        return NewSuggestion(
            text.id, question.segment, asked.id, start, end, quote, "", "cut", "", None, probability
        )

    def _outcomes(
        self,
        plan: TranscriptPlan,
        suggestions: Sequence[tuple[int | None, NewSuggestion]],
        rows: dict[str, ChunkRow],
    ) -> list[SegmentOutcome]:
        text = plan.transcript
        coded = {s.segment for _, s in suggestions}
        failed: dict[int, str] = {}
        open_: set[int] = set()
        for question in plan.questions:
            if question.request is None:
                continue
            row = rows[question_key(text.id, question.segment, self.code_id(question.code))]
            if row.status == "failed":
                failed[question.segment] = f"a question about it has no answer: {row.why}"
            elif row.status != "done":
                open_.add(question.segment)
        blank = {segment for key, segment in self.plan.blank if key == text.id}
        found: list[SegmentOutcome] = []
        for segment in text.segments:
            n = segment.index
            if n in blank:
                found.append(SegmentOutcome(text.id, n, "not-coded", "no words in it"))
            elif n in failed:
                found.append(SegmentOutcome(text.id, n, "failed", failed[n]))
            elif n in open_:
                continue
            elif n in coded:
                found.append(SegmentOutcome(text.id, n, "coded"))
            else:
                found.append(SegmentOutcome(text.id, n, "coded-empty", plan.not_asked.get(n, "")))
        return found
