"""The questions of a `judge` run: each is asked once and its answer stored, raw reply first.

A process killed in between asks only what is missing. What the answers mean together says
`assistant.coding.judge.concluding`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from assistant.coding.asking import Asker
from assistant.coding.judge.plan import JudgePlan, Question, TranscriptPlan, question_key
from assistant.coding.judge.question import LogOdds, read_reply
from assistant.coding.working import work_all
from assistant.llm.problems import FatalProviderError
from assistant.llm.tokens import TokenCounter
from assistant.store.database import Store
from assistant.store.model.calls import set_call_outcome
from assistant.store.model.chunks import chunks, is_settled, set_chunk
from assistant.store.model.reply_records import ChunkRow, Judgement
from assistant.store.model.suggestions import (
    replace_judgements,
)
from assistant.store.model.words_kept import check_not_withdrawn

__all__ = ["JudgeRun"]

_WORKERS_PER_SLOT = 2


@dataclass(frozen=True)
class JudgeRun:
    store: Store
    run_id: int
    plan: JudgePlan

    @cached_property
    def counter(self) -> TokenCounter:
        """For what a question can cost at most."""
        return TokenCounter(self.plan.settings.model)

    async def ask(self, asker: Asker, slots: int, progress: Callable[[int, str], None]) -> None:
        """Put every question that has no answer yet. Raises what ends a run."""
        rows = {row.key: row for row in chunks(self.store, self.run_id)}
        todo: list[tuple[TranscriptPlan, Question, ChunkRow]] = []
        done = 0
        for plan in self.plan.asked:
            for question in plan.questions:
                key = question_key(
                    plan.transcript.id, question.segment, self.plan.code_id(question.code)
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
            check_not_withdrawn(self.store, [plan.transcript.id])
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
                            self.plan.code_id(question.code),
                            float(plan.scores[question.segment, question.code]),
                            read.value,
                            call_id=answer.call_id,
                        )
                    ],
                )
            elif not is_settled(self.store, row.id):  # by another program in this run
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
