"""Answers from the example study's recorded replies, for the fake server.

A recorded line names transcript, paragraph and quote. A request holds numbered passages and not the
transcript's name, so a passage is recognised by its words: what a model would have to go by, too.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from assistant.prompts.quoting import unquoted
from assistant.transcripts.reading import read_document
from assistant.transcripts.records import segment_body
from tests.fakes.server import FakeRequest

__all__ = ["RecordedReplies", "passages_of"]

_PASSAGE = re.compile(r'^\[(\d+)\] (?:"(?:[^"\\]|\\.)*": )?("(?:[^"\\]|\\.)*")$', re.MULTILINE)


def passages_of(user: str) -> dict[int, str]:
    """Number -> words of the passages to be coded in a `list` request."""
    inside = user.split("<passages>")[1].split("</passages>")[0]
    return {int(number): unquoted(text) for number, text in _PASSAGE.findall(inside)}


class RecordedReplies:
    """Use it as ``FakeLLM(answer=RecordedReplies(examples))``."""

    def __init__(self, examples: Path) -> None:
        self._by_passage: dict[str, list[dict[str, Any]]] = defaultdict(list)
        passages: dict[tuple[str, int], str] = {}
        for file in sorted((examples / "transcripts").iterdir()):
            document = read_document(file)
            for segment in document.segments:
                start, end = segment_body(document.text, segment)
                passages[document.title, segment.index] = document.text[start:end]
        lines = (examples / "recorded" / "replies.jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines:
            said = json.loads(line)
            if "segment" in said:
                self._by_passage[passages[said["transcript"], said["segment"]]].append(said)

    def __call__(self, request: FakeRequest) -> str:
        user = request.json["messages"][-1]["content"]
        applications = [
            {
                "segment": number,
                "code": said["code"],
                "quote": said["quote"],
                "rationale": said["rationale"],
                "confidence": said["confidence"],
            }
            for number, words in passages_of(user).items()
            for said in self._by_passage.get(words, ())
        ]
        return json.dumps({"applications": applications, "something_uncoded": []})
