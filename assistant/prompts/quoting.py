"""Write participants' words so that they can only ever be read as data.

A quoted text is one JSON string on one line. It cannot end the line, the string or the fence it
stands in, whatever somebody said in the interview: line ends and quotation marks are escaped as
JSON does, and so is every ``<`` and every bracketed control word, because chat models have control
words of these forms (``<|im_end|>``, ``</s>``, ``[INST]``) and servers may turn them into control
tokens wherever they stand.
"""

from __future__ import annotations

import json
import re

__all__ = ["quoted", "unquoted"]

# Not every bracketed word: [NAME] and [INAUDIBLE] are common in transcripts and stay readable.
_CONTROL_WORD = re.compile(
    r"\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|CALL_ID|ARGS"
    r"|MODEL_SETTINGS|THINK|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX|gMASK|sMASK"
    r"|CLS|SEP|PAD|UNK|MASK|BOS|EOS)\])"
)
# JSON leaves these as they are, and some programs take them for line ends or hide them.
_ODD = re.compile("[\u007f-\u009f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def quoted(text: str) -> str:
    """The text as a JSON string on one line; `unquoted` gives it back unchanged."""
    string = json.dumps(text, ensure_ascii=False)
    string = string.replace("<", "\\u003c")
    string = _CONTROL_WORD.sub(r"\\u005b", string)
    return _ODD.sub(lambda match: f"\\u{ord(match.group()):04x}", string)


def unquoted(string: str) -> str:
    """The text that `quoted` was given."""
    text = json.loads(string)
    if not isinstance(text, str):
        raise ValueError("not a quoted text")
    return text
