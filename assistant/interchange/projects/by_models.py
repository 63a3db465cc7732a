"""Codings that a model made, whoever the file says made them.

Another program may drop what this one wrote of a whole file, give new GUIDs and let somebody rename
the users. The note on each suggestion still names its model, and with it the coding is that
model's: as a person's it would be measured as one.
"""

from __future__ import annotations

from assistant.interchange.export.saying import said_model, says_rejected
from assistant.interchange.projects.records import Project, ProjectCoder, ProjectCoding
from assistant.spelling import nfc

__all__ = ["with_models"]


def with_models(project: Project) -> Project:
    """The project with each coding by the model that its own note names, if it names one."""
    models = {coder.key for coder in project.coders if coder.kind == "model"}
    keys = {coder.name: coder.key for coder in project.coders if coder.kind == "model"}
    added: list[ProjectCoder] = []
    codings: list[ProjectCoding] = []
    for coding in project.codings:
        model = nfc(said_model(coding.note)) if coding.coder not in models else ""
        if model and model not in keys:
            keys[model] = f"model {model}"
            added.append(ProjectCoder(key=keys[model], name=model, kind="model"))
        if model:
            rejected = coding.rejected or says_rejected(coding.note)
            changes = {"coder": keys[model], "exposure": None, "rejected": rejected}
            coding = coding.model_copy(update=changes)
        codings.append(coding)
    if tuple(codings) == project.codings:
        return project
    return project.model_copy(
        update={"coders": (*project.coders, *added), "codings": tuple(codings)}
    )
