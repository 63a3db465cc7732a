"""A run of the `list` strategy over its planned calls: workers, repair, halving, limits.

One worker takes one chunk to its end. What ends everything (wrong key, limit reached, disk full)
stops the workers; what concerns one chunk is stored with the chunk and the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.coding.asking import Asker
from assistant.coding.chunking import halve, shorten
from assistant.coding.listing import fail_chunk, take_reply
from assistant.coding.planning import PlannedCall
from assistant.coding.records import Chunk
from assistant.coding.requests import ListOptions, list_request
from assistant.coding.working import work_all
from assistant.deidentify.veil import Veil
from assistant.llm.payload import repair_request
from assistant.llm.problems import ContextTooLongError
from assistant.llm.records import ChatRequest
from assistant.prompts.records import Prompt
from assistant.store.database import Store
from assistant.store.model.calls import record_request
from assistant.store.model.chunks import add_chunk, chunk_by_id, chunks, set_chunk
from assistant.store.model.reply_records import ChunkRow
from assistant.store.model.words_kept import check_not_withdrawn
from assistant.transcripts.records import Transcript

__all__ = ["ListRun", "chunk_key"]

_WORKERS_PER_SLOT = 2
_TOO_LONG = "the request is too long for the model"


def chunk_key(transcript_id: int, chunk: Chunk) -> str:
    return f"{transcript_id}/{chunk.label}"


@dataclass(frozen=True)
class ListRun:
    store: Store
    asker: Asker
    run_id: int
    transcripts: dict[int, Transcript]
    codebook: Codebook
    prompt: Prompt
    options: ListOptions
    veil: Veil | None = None
    """With one, chunks have the places of veiled transcripts."""

    async def work(
        self, calls: Sequence[PlannedCall], slots: int, progress: Callable[[int, str], None]
    ) -> None:
        """Take every open chunk to its end.

        Raises what ends a run: `FatalProviderError`, `LimitReached`, errors of the store.
        """
        rows = {row.key: row for row in chunks(self.store, self.run_id)}
        done = sum(rows[chunk_key(c.transcript_id, c.chunk)].status == "done" for c in calls)
        progress(done, "")

        async def take(call: PlannedCall) -> None:
            nonlocal done
            row = rows[chunk_key(call.transcript_id, call.chunk)]
            await self._take(row, call.chunk, call.request, call.input_tokens)
            done += 1
            progress(done, self.transcripts[call.transcript_id].name)

        todo = [
            call
            for call in calls
            if rows[chunk_key(call.transcript_id, call.chunk)].status != "done"
        ]
        await work_all(todo, take, min(len(todo), slots * _WORKERS_PER_SLOT))

    async def _take(
        self, row: ChunkRow, chunk: Chunk, request: ChatRequest, input_tokens: int
    ) -> None:
        transcript = self.transcripts[row.transcript_id]
        if row.status == "halved":
            await self._halve(row, chunk, input_tokens, row.why)
            return
        asked = request
        for repaired in (False, True):
            try:
                answer = await self.asker.ask(row, asked, input_tokens)
            except ContextTooLongError as error:
                await self._halve(row, chunk, input_tokens, f"{_TOO_LONG}: {error.what}")
                return
            following = take_reply(
                self.store,
                self.run_id,
                row.id,
                answer.call_id,
                transcript,
                chunk,
                self.codebook,
                answer.reply,
                self.veil,
            )
            if following.what == "done":
                return
            if following.what == "halve":
                await self._halve(row, chunk, input_tokens, following.why)
                return
            if following.what == "repair" and not repaired:
                asked = repair_request(request, answer.reply.text, following.why)
                # It holds the reply and what is wrong with it too: no token is less than a byte.
                input_tokens += _bytes(asked.user) - _bytes(request.user)
                continue
            why = (
                following.why
                if following.what == "failed"
                else (f"the reply was not what was asked for, also after a repair: {following.why}")
            )
            fail_chunk(self.store, self.run_id, row.id, row.transcript_id, chunk, why)
            return

    async def _halve(self, row: ChunkRow, chunk: Chunk, input_tokens: int, why: str) -> None:
        """Ask about the two halves; a piece that cannot be halved has failed.

        Why it was halved is stored, so that going on makes the same halves.
        """
        too_long = why.startswith(_TOO_LONG)
        halves: tuple[Chunk, ...] = shorten(chunk) if too_long else halve(chunk) or ()
        if not halves:
            what = why if too_long else f"the reply was cut off: {why}"
            fail_chunk(
                self.store,
                self.run_id,
                row.id,
                row.transcript_id,
                chunk,
                f"the passage cannot be made shorter; {what}",
            )
            return
        transcript = self.transcripts[row.transcript_id]
        children = []
        with self.store.transaction():
            check_not_withdrawn(self.store, [row.transcript_id])
            now = chunk_by_id(self.store, row.id)
            quicker = now.status != row.status and now.status in ("done", "halved")
            if not quicker:
                set_chunk(self.store, row.id, "halved", why)
                for half in halves:
                    request = list_request(
                        self.prompt, self.codebook, transcript, half, self.options, self.veil
                    )
                    record_request(self.store, request.sha256, request.model_dump_json())
                    child = add_chunk(
                        self.store,
                        self.run_id,
                        row.transcript_id,
                        chunk_key(row.transcript_id, half),
                        half.first_segment,
                        half.last_segment,
                        request.sha256,
                        parent_id=row.id,
                    )
                    children.append((child, half, request))
        if quicker:  # another program in the same run
            if now.status == "halved":
                await self._halve(now, chunk, input_tokens, now.why)
            return
        for child, half, request in children:
            if child.status != "done":
                await self._take(child, half, request, input_tokens)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
