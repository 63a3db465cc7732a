"""``secondcoder show``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import json_option, opened, print_json
from assistant.counting import decimals

if TYPE_CHECKING:
    from assistant.decisions.explaining import Said

__all__ = ["show"]

_CONTEXT = 160
"""Characters on each side of the quote."""

_FOUND = {
    "exact": "word for word",
    "folded": "but for spaces, quotation marks or capitals",
    "close": "but for small slips of spelling",
    "cut": "cut from the passage by the program; the model names no words",
}


@click.command()
@click.argument("suggestion", type=int)
@click.option("--raw", is_flag=True, help="Also print request and reply as they were sent.")
@json_option
@click.pass_obj
def show(folder: Path, suggestion: int, raw: bool, as_json_: bool) -> None:
    """Why is this code here? Quote, context, reason, prompt, reply and run of SUGGESTION.

    Example: secondcoder show 12
    """
    from assistant.decisions.explaining import explain
    from assistant.decisions.policy import policy_hash
    from assistant.guide.words import explained
    from assistant.recipe import embedding_of, shortlist_by

    with opened(folder) as (study, store):
        found = explain(store, suggestion, policy_hash(study), _CONTEXT)
    if as_json_:
        print_json(found)
        return
    s = found.suggestion
    header = found.run.header
    echo = click.echo
    echo(f"Suggestion {s.id}: {s.code}   [{found.now}]")
    echo(f"  {found.definition or '(no definition)'}\n")
    echo(f"{s.transcript}, segment {s.segment + 1}, characters {s.start}–{s.end}")
    for said in found.said:
        echo(f"{said.speaker or '(no speaker)'}: {_passage(said)}")
    echo("")
    echo(f"Reason given: {s.rationale or '– (this strategy gives none)'}")
    if s.confidence is not None:
        echo(f"The model's own confidence: {decimals(s.confidence)} (not evidence)")
    if s.probability is not None:
        echo(f"Calibrated probability: {decimals(s.probability)}")
    echo(
        f"Found in the text: {_FOUND.get(s.anchoring, s.anchoring)}"
        + (f"; the model wrote “{s.reply_quote}”" if s.reply_quote not in ("", s.quote) else "")
    )
    if found.verdict is not None:
        echo(f"Lane: {found.verdict.lane}. " + "; ".join(found.verdict.reasons))
    elif found.verdict_gone:
        echo(f"Lane: none that counts. {found.verdict_gone}")
    else:
        echo(
            "Lane: none yet for this way of coding (model, prompt, codebook and settings); run "
            "`secondcoder evaluate`."
        )
    echo(f"\nRun {found.run.id} by {found.run.coder.name}, {found.run.started_at[:16]}")
    echo(f"  endpoint {header['recipe']['endpoint']}, model asked for {header['model_asked']}")
    vectors, address = embedding_of(header)
    if vectors:
        echo(f"  passages and codes sent to {address} for vectors by {vectors}")
    if by := shortlist_by(header["recipe"].get("embedder") or ""):
        echo("  " + explained(f"shortlist made by {by}", "shortlist"))
    if header["model_asked"] == "none":
        echo("  no prompt was sent")
    else:
        echo(f"  prompt {header['recipe']['prompt_id']} {found.run.prompt_sha256[:19]}…")
    echo(f"  codebook {found.run.codebook_sha256[:19]}…")
    if found.call is not None:
        c = found.call
        echo(
            f"  call {c.id}, attempt {c.attempt}: {c.outcome}, {c.response_model}, "
            f"{c.latency_ms} ms, {c.input_tokens} tokens in, {c.output_tokens} out"
        )
    for d, words in zip(found.decisions, found.decided, strict=True):
        echo(f"  {d.decided_at[:16]} {d.reviewer}: {words}{f': {d.reason}' if d.reason else ''}")
    if raw and found.call is not None:
        echo("\nRequest:\n" + _pretty(found.request))
        echo("\nReply:\n" + _pretty(found.call.raw))


def _passage(said: Said) -> str:
    quote = f"»{said.quote}«" if said.quote else ""
    words = " ".join(f"{said.before}{quote}{said.after}".split())
    return f"{'…' * said.cut_before}{words}{'…' * said.cut_after}"


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except json.JSONDecodeError:
        return text
