"""What the answers of a `judge` run mean together: calibrate, decide, cut quotes, suggest.

All of it is computed from stored answers alone, when they are there: the same answers give the same
suggestions again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.codebook.lineage import Silences
from assistant.codebook.transcripts import without_examples_from
from assistant.coding.judge.calibration import Fit, Uncalibrated
from assistant.coding.judge.fitting import Cells, CodeVectors, Judged, judge_cells
from assistant.coding.judge.passages import CodedPassages, FloatArray, code_text, code_vectors
from assistant.coding.judge.people import coded_by_people
from assistant.coding.judge.plan import JudgePlan, Question, TranscriptPlan, question_key
from assistant.coding.judge.quote import Words, cut_quote, sentences
from assistant.coding.judge.shortlist import shortlist
from assistant.store.database import Store
from assistant.store.model.chunks import chunks
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import ChunkRow, Judgement, NewSuggestion, SegmentOutcome
from assistant.store.model.runs import set_run_fit
from assistant.store.model.suggestions import (
    judgements,
    replace_judgements,
    replace_transcript_suggestions,
)
from assistant.store.model.words_kept import check_not_withdrawn
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.texts.transcripts import transcript
from assistant.store.versions import record_fit
from assistant.transcripts.records import Transcript

__all__ = ["JudgeConclusion"]


@dataclass(frozen=True)
class JudgeConclusion:
    store: Store
    run_id: int
    plan: JudgePlan

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
        silences = Silences.among(coded_so_far(self.store), self.plan.codebook)
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
            code = self.plan.code_id(question.code)
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
            check_not_withdrawn(self.store, [text.id])
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
            row = rows[question_key(text.id, question.segment, self.plan.code_id(question.code))]
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
