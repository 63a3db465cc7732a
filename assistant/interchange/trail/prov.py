"""Provenance as PROV-JSON (W3C PROV): what was made from what, by which activity, by whom.

Entities: transcripts, files, codebooks, prompts, runs' results, evaluations, people's codings by
transcript. Activities: imports, runs, evaluations, decisions, withdrawals. Agents: people and model
coders. Holds names, hashes, times and numbers, no words of participants.
"""

from __future__ import annotations

from typing import Any

from assistant import __version__
from assistant.recipe import embedding_of
from assistant.store.database import Store
from assistant.store.decided.decisions import decisions
from assistant.store.measured.evidence import evaluations
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.people.coders import coders
from assistant.store.people.codings import scopes
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook_versions, prompt_versions
from assistant.store.withdrawal.withdrawal import tombstones

__all__ = ["prov_document"]

_TYPE = "prov:type"


class _Document:
    def __init__(self) -> None:
        self.parts: dict[str, dict[str, dict[str, Any]]] = {}
        self._count = 0

    def add(self, part: str, name: str, **attributes: Any) -> str:
        kept = {k.replace("__", ":"): v for k, v in attributes.items() if v not in ("", None)}
        self.parts.setdefault(part, {})[name] = kept
        return name

    def link(self, relation: str, **ends: str) -> None:
        self._count += 1
        self.add(relation, f"_:r{self._count}", **ends)


class _Provenance(_Document):
    """A study's provenance, subject by subject; each may name what came before it."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.program = self.add(
            "agent",
            "sc:program",
            **{_TYPE: _qname("prov:SoftwareAgent"), "prov:label": f"Second Coder {__version__}"},
        )
        self.agents: dict[str, str] = {}
        """Of a person or a coder, by name."""
        self.texts: dict[int, str] = {}
        self.books: dict[str, str] = {}
        self.prompts: dict[str, str] = {}
        self.results: dict[int, str] = {}

    def person(self, name: str) -> str:
        if name not in self.agents:
            self.agents[name] = self.add(
                "agent",
                f"sc:person/{len(self.agents) + 1}",
                **{_TYPE: _qname("prov:Person"), "prov:label": name},
            )
        return self.agents[name]

    def add_coders(self) -> None:
        for coder in coders(self.store):
            human = coder.kind == "human"
            self.agents[coder.name] = self.add(
                "agent",
                f"sc:coder/{coder.id}",
                **{
                    _TYPE: _qname("prov:Person" if human else "prov:SoftwareAgent"),
                    "prov:label": coder.name,
                    "sc:recipe": coder.recipe_sha256,
                },
            )

    def add_transcripts(self) -> None:
        for info in transcript_infos(self.store):
            self.texts[info.id] = self.add(
                "entity",
                f"sc:transcript/{_short(info.sha256)}",
                **{
                    _TYPE: _qname("sc:Transcript"),
                    "prov:label": info.name,
                    "sc:sha256": info.sha256,
                    "sc:consent": info.consent,
                },
            )
            for document in documents(self.store, info.id):
                file = self.add(
                    "entity",
                    f"sc:file/{_short(document.file_sha256)}",
                    **{
                        _TYPE: _qname("sc:File"),
                        "prov:label": document.name,
                        "sc:sha256": document.file_sha256,
                    },
                )
                act = self.add(
                    "activity",
                    f"sc:import/{_short(document.file_sha256)}",
                    prov__startTime=document.imported_at,
                    prov__endTime=document.imported_at,
                )
                self.link("used", prov__activity=act, prov__entity=file)
                self.link("wasAssociatedWith", prov__activity=act, prov__agent=self.program)
                self.link(
                    "wasDerivedFrom",
                    prov__generatedEntity=self.texts[info.id],
                    prov__usedEntity=file,
                )

    def add_codebooks_and_prompts(self) -> None:
        for version in codebook_versions(self.store):
            self.books[version.sha256] = self.add(
                "entity",
                f"sc:codebook/{_short(version.sha256)}",
                **{
                    _TYPE: _qname("sc:Codebook"),
                    "prov:label": f"{version.name} {version.version}",
                    "sc:sha256": version.sha256,
                },
            )
        self.prompts = {
            sha: self.add(
                "entity",
                f"sc:prompt/{_short(sha)}",
                **{_TYPE: _qname("sc:Prompt"), "prov:label": key, "sc:sha256": sha},
            )
            for sha, key, *_ in prompt_versions(self.store)
        }

    def add_codings(self) -> None:
        for scope in scopes(self.store):
            made = self.add(
                "entity",
                f"sc:codings/{scope.coder.id}/{_short(self.texts[scope.transcript_id])}",
                **{_TYPE: _qname("sc:Codings"), "sc:exposure": scope.exposure},
            )
            self.link(
                "wasAttributedTo", prov__entity=made, prov__agent=self.person(scope.coder.name)
            )
            self.link(
                "wasDerivedFrom",
                prov__generatedEntity=made,
                prov__usedEntity=self.texts[scope.transcript_id],
            )

    def add_runs(self) -> None:
        for run in runs(self.store):
            embedding, address = embedding_of(run.header)
            act = self.add(
                "activity",
                f"sc:run/{run.id}",
                prov__startTime=run.started_at,
                prov__endTime=run.ended_at,
                sc__status=run.status,
                sc__recipe=run.recipe_sha256,
                sc__repeat=run.repeat,
                sc__model=run.header.get("model_asked"),
                sc__endpoint=run.header.get("recipe", {}).get("endpoint"),
                sc__embeddingModel=embedding,
                sc__embeddingEndpoint=address,
            )
            self.results[run.id] = self.add(
                "entity",
                f"sc:suggestions/{run.id}",
                **{
                    _TYPE: _qname("sc:Suggestions"),
                    "sc:count": len(suggestions(self.store, run.id)),
                },
            )
            for used in (
                *(self.texts[key] for key in run.transcripts),
                self.books.get(run.codebook_sha256, ""),
                self.prompts.get(run.prompt_sha256, ""),
            ):
                if used:
                    self.link("used", prov__activity=act, prov__entity=used)
            self.link(
                "wasAssociatedWith", prov__activity=act, prov__agent=self.person(run.coder.name)
            )
            self.link("wasGeneratedBy", prov__entity=self.results[run.id], prov__activity=act)

    def add_evaluations(self) -> None:
        for one in evaluations(self.store):
            act = self.add(
                "activity",
                f"sc:evaluating/{one.id}",
                prov__startTime=one.made_at,
                prov__endTime=one.made_at,
            )
            made = self.add("entity", f"sc:evaluation/{one.id}", **{_TYPE: _qname("sc:Evaluation")})
            self.link("wasGeneratedBy", prov__entity=made, prov__activity=act)
            self.link("wasAssociatedWith", prov__activity=act, prov__agent=self.person(one.who))
            if one.run_id in self.results:
                self.link("used", prov__activity=act, prov__entity=self.results[one.run_id])

    def add_decisions(self) -> None:
        of = {s.id: s.guid for run in runs(self.store) for s in suggestions(self.store, run.id)}
        for one in decisions(self.store):
            act = self.add(
                "activity",
                f"sc:decision/{one.id}",
                prov__startTime=one.decided_at,
                prov__endTime=one.decided_at,
                sc__decision=one.decision,
                sc__undoes=f"sc:decision/{one.undoes}" if one.undoes is not None else None,
            )
            made = self.add(
                "entity",
                f"sc:suggestion/{of[one.suggestion_id]}",
                **{_TYPE: _qname("sc:Suggestion")},
            )
            self.link("used", prov__activity=act, prov__entity=made)
            self.link(
                "wasAssociatedWith", prov__activity=act, prov__agent=self.person(one.reviewer)
            )

    def add_withdrawals(self) -> None:
        for number, stone in enumerate(tombstones(self.store), start=1):
            act = self.add(
                "activity", f"sc:withdrawal/{number}", prov__startTime=stone.withdrawn_at
            )
            self.link("wasAssociatedWith", prov__activity=act, prov__agent=self.person(stone.who))
            gone = next(i.id for i in transcript_infos(self.store) if i.name == stone.transcript)
            self.link("wasInvalidatedBy", prov__entity=self.texts[gone], prov__activity=act)


def prov_document(store: Store) -> dict[str, Any]:
    """The study's provenance as a PROV-JSON document."""
    made = _Provenance(store)
    made.add_coders()
    made.add_transcripts()
    made.add_codebooks_and_prompts()
    made.add_codings()
    made.add_runs()
    made.add_evaluations()
    made.add_decisions()
    made.add_withdrawals()
    return {
        "prefix": {
            "sc": "urn:second-coder:",
            "prov": "http://www.w3.org/ns/prov#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        **made.parts,
    }


def _qname(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _short(sha256: str) -> str:
    return sha256.rpartition(":")[2].rpartition("/")[2][:16]
