"""What a run will do, resolved from ``study.toml`` and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UserError
from assistant.llm.endpoint import Endpoint, endpoint_is_local
from assistant.llm.prices import Prices
from assistant.meant import did_you_mean
from assistant.prompts.loading import list_prompts, load_prompt
from assistant.prompts.records import Prompt, Strategy
from assistant.study import Study

__all__ = ["EMBEDDED", "NO_MODEL", "Settings", "endpoint_of", "resolve"]

EMBEDDED = "embedded"
NO_MODEL = "none"
"""Name for "no generative model": the shortlist decides alone."""
_DEFAULT_PROMPTS: dict[Strategy, str] = {"list": "list-v1", "judge": "judge-v1"}


@dataclass(frozen=True)
class Settings:
    strategy: Strategy
    prompt: Prompt
    embedded: bool
    """The model inside the program, which sends nothing anywhere."""
    base_url: str
    """Address, or `EMBEDDED`: it stands in requests and recipes."""
    model: str
    local: bool
    """Nothing leaves this computer."""
    processor: str
    prices: Prices
    model_sha256: str = ""
    """Hash of the weights, for the embedded model."""
    notes: tuple[str, ...] = ()
    embedding_model: str = ""
    """`judge`: the model of an endpoint that makes the shortlist; empty: what is on this computer.
    With one, ``local`` and ``processor`` are said of that endpoint too."""
    embedding_url: str = ""
    embedding_price: float | None = None

    @property
    def address(self) -> str:
        """Where words go: the endpoint's address, or `EMBEDDED`."""
        return self.embedding_url or self.base_url


def resolve(study: Study, *, prompt: str = "", strategy: str = "", model: str = "") -> Settings:
    """Fill in every ``auto``. Raises `UserError` when something does not fit."""
    config = study.config
    named = model or config.endpoint.model
    alone = named == NO_MODEL
    # No model: nothing is asked to code, whatever endpoint the study names. An embedding model that
    # the study names for the shortlist is another matter, and has its own consent.
    embedded = alone or not config.endpoint.base_url
    wanted_prompt = prompt or config.coding.prompt
    wanted = strategy or config.coding.strategy
    if alone and not prompt and not strategy:  # the study's may be meant for its endpoint
        wanted_prompt = _for_judge(study, wanted_prompt)
        wanted = "judge"
    if wanted == "auto" and wanted_prompt != "auto":
        wanted = load_prompt(_prompt_file(study, wanted_prompt)).strategy
    if wanted == "auto":
        wanted = "judge" if embedded else "list"
    chosen: Strategy = "judge" if wanted == "judge" else "list"
    name = _DEFAULT_PROMPTS[chosen] if wanted_prompt == "auto" else wanted_prompt
    loaded = load_prompt(_prompt_file(study, name))
    if loaded.strategy != chosen:
        raise UserError(
            f"The prompt “{loaded.id}” is written for the strategy “{loaded.strategy}”, and the "
            f"run would use “{chosen}”.",
            where=str(_prompt_file(study, name)),
            hint="Choose another prompt with `--prompt`, or the strategy with `--strategy`.",
        )
    notes: tuple[str, ...] = ()
    weights = ""
    if alone and chosen == "list":
        raise UserError(
            "Without a model nothing can list codes: the shortlist of the strategy “judge” decides "
            "alone.",
            hint="Leave out `--strategy list` and prompts written for it, or name a model.",
        )
    if embedded and chosen == "list":
        raise UserError(
            "The embedded model is too small to list codes with quotes by itself.",
            hint="Use the strategy “judge” with it (the default), or name an endpoint with a "
            "larger model in study.toml.",
        )
    if embedded:
        named, weights, notes = _embedded_model(named)
    if not embedded and not named:
        raise UserError(
            "The endpoint is set, but no model is named.",
            where=f"{study.folder / 'study.toml'}, section [endpoint]",
            hint='Add a line: model = "name of the model".',
        )
    embedding = config.endpoint.embedding_model if chosen == "judge" else ""
    embedding_url = config.endpoint.base_url if embedding else ""
    local = (embedded and not embedding_url) or endpoint_is_local(config.endpoint.base_url)
    if not local and config.endpoint.processor.strip().casefold() in ("local", "none"):
        # Consent to “local” would then cover an endpoint elsewhere.
        raise UserError(
            f"“{config.endpoint.processor}” cannot be the name of an endpoint on another computer: "
            "with transcripts' consent the word has a meaning of its own. Nothing was sent.",
            where=f"{study.folder / 'study.toml'}, section [endpoint], processor",
            hint="Write the name of the company or institution that runs it.",
        )
    return Settings(
        chosen,
        loaded,
        embedded,
        EMBEDDED if embedded else config.endpoint.base_url,
        named,
        local,
        config.endpoint.processor.strip() or config.endpoint.base_url,
        Prices(
            input=config.endpoint.price_in,
            output=config.endpoint.price_out,
            currency=config.endpoint.currency,
        ),
        weights,
        notes,
        embedding if embedding_url else "",
        embedding_url,
        config.endpoint.embedding_price,
    )


def _for_judge(study: Study, name: str) -> str:
    """The study's own prompt where it is written for `judge`."""
    if name == "auto" or load_prompt(_prompt_file(study, name)).strategy == "judge":
        return name
    return "auto"


def _embedded_model(wanted: str) -> tuple[str, str, tuple[str, ...]]:
    """(name, hash of its weights, notes) of the model to use; `NO_MODEL` with the reason why."""
    from assistant.llm.embedded import catalogue, engine, weights

    if wanted == NO_MODEL:
        return NO_MODEL, "", ("No model is asked: the shortlist decides alone.",)
    state = engine.available()
    if not state.ok:
        return (
            NO_MODEL,
            "",
            (f"No model is asked, the shortlist decides alone. {state.reason}",),
        )
    name = wanted or weights.in_use()
    known = catalogue.model(name)
    if weights.model_path(name) is None:
        if wanted:
            raise UserError(
                f"The weights of “{name}” are not on this computer.",
                hint=f"Get them with `secondcoder model get {name}`, or go on without: "
                "`--model none`.",
            )
        return (
            NO_MODEL,
            "",
            (
                f"No model is asked, the shortlist decides alone: the weights of “{name}” are not "
                f"on this computer (`secondcoder model get {name}`).",
            ),
        )
    return name, known.sha256, ()


def _prompt_file(study: Study, name: str) -> Path:
    given = Path(name)
    file = given if given.suffix == ".md" else study.prompts_folder / f"{name}.md"
    if not file.is_file():
        there = [p.id for p in list_prompts(study.prompts_folder)]
        raise UserError(
            f"There is no prompt “{name}”.",
            where=str(file),
            hint=f"{did_you_mean(name, there)}The study has: {', '.join(there) or 'none'}.",
        )
    return file


def endpoint_of(study: Study, settings: Settings, base_url: str = "") -> Endpoint:
    """The endpoint as the client needs it; ``base_url`` is the embedded server's address."""
    config = study.config.endpoint
    if settings.embedded:
        return Endpoint(
            base_url=base_url,
            model=settings.model,
            api_key_env="",
            timeout_seconds=max(config.timeout_seconds, 600.0),
            max_concurrency=2,
        )
    return Endpoint(
        base_url=config.base_url,
        model=settings.model,
        api_key_env=config.api_key_env,
        api_version=config.api_version,
        timeout_seconds=config.timeout_seconds,
        max_concurrency=config.max_concurrency,
        prices=settings.prices,
    )
