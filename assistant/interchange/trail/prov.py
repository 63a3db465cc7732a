"""Provenance as PROV-JSON (W3C PROV): what was made from what, by which activity, by whom.

Entities: transcripts, files, codebooks, prompts, runs' results, evaluations, people's codings by
transcript. Activities: imports, runs, evaluations, decisions, withdrawals. Agents: people and model
coders. Holds names, hashes, times and numbers, no words of participants.
"""

from __future__ import annotations

from typing import Any

from assistant import __version__
from assistant.recipe import embedding_of
from assistant.store.coders import coders
from assistant.store.codings import scopes
from assistant.store.database import Store
from assistant.store.decisions import decisions
from assistant.store.documents import documents
from assistant.store.evidence import evaluations
from assistant.store.runs import runs
from assistant.store.suggestions import suggestions
from assistant.store.transcripts import transcript_infos
from assistant.store.versions import codebook_versions, prompt_versions
from assistant.store.withdrawal import tombstones

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


def prov_document(store: Store) -> dict[str, Any]:
    """The study's provenance as a PROV-JSON document."""
    doc = _Document()
    program = doc.add(
        "agent",
        "sc:program",
        **{_TYPE: _qname("prov:SoftwareAgent"), "prov:label": f"Second Coder {__version__}"},
    )
    agents = {}
    for coder in coders(store):
        human = coder.kind == "human"
        agents[coder.name] = doc.add(
            "agent",
            f"sc:coder/{coder.id}",
            **{
                _TYPE: _qname("prov:Person" if human else "prov:SoftwareAgent"),
                "prov:label": coder.name,
                "sc:recipe": coder.recipe_sha256,
            },
        )

    def person(name: str) -> str:
        if name not in agents:
            agents[name] = doc.add(
                "agent",
                f"sc:person/{len(agents) + 1}",
                **{_TYPE: _qname("prov:Person"), "prov:label": name},
            )
        return agents[name]

    texts: dict[int, str] = {}
    for info in transcript_infos(store):
        texts[info.id] = doc.add(
            "entity",
            f"sc:transcript/{_short(info.sha256)}",
            **{
                _TYPE: _qname("sc:Transcript"),
                "prov:label": info.name,
                "sc:sha256": info.sha256,
                "sc:consent": info.consent,
            },
        )
        for document in documents(store, info.id):
            file = doc.add(
                "entity",
                f"sc:file/{_short(document.file_sha256)}",
                **{
                    _TYPE: _qname("sc:File"),
                    "prov:label": document.name,
                    "sc:sha256": document.file_sha256,
                },
            )
            act = doc.add(
                "activity",
                f"sc:import/{_short(document.file_sha256)}",
                prov__startTime=document.imported_at,
                prov__endTime=document.imported_at,
            )
            doc.link("used", prov__activity=act, prov__entity=file)
            doc.link("wasAssociatedWith", prov__activity=act, prov__agent=program)
            doc.link("wasDerivedFrom", prov__generatedEntity=texts[info.id], prov__usedEntity=file)
    books = {}
    for version in codebook_versions(store):
        books[version.sha256] = doc.add(
            "entity",
            f"sc:codebook/{_short(version.sha256)}",
            **{
                _TYPE: _qname("sc:Codebook"),
                "prov:label": f"{version.name} {version.version}",
                "sc:sha256": version.sha256,
            },
        )
    prompts = {
        sha: doc.add(
            "entity",
            f"sc:prompt/{_short(sha)}",
            **{_TYPE: _qname("sc:Prompt"), "prov:label": key, "sc:sha256": sha},
        )
        for sha, key, *_ in prompt_versions(store)
    }
    for scope in scopes(store):
        made = doc.add(
            "entity",
            f"sc:codings/{scope.coder.id}/{_short(texts[scope.transcript_id])}",
            **{_TYPE: _qname("sc:Codings"), "sc:exposure": scope.exposure},
        )
        doc.link("wasAttributedTo", prov__entity=made, prov__agent=person(scope.coder.name))
        doc.link(
            "wasDerivedFrom",
            prov__generatedEntity=made,
            prov__usedEntity=texts[scope.transcript_id],
        )
    results = {}
    for run in runs(store):
        embedding, address = embedding_of(run.header)
        act = doc.add(
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
        results[run.id] = doc.add(
            "entity",
            f"sc:suggestions/{run.id}",
            **{
                _TYPE: _qname("sc:Suggestions"),
                "sc:count": len(suggestions(store, run.id)),
            },
        )
        for used in (
            *(texts[key] for key in run.transcripts),
            books.get(run.codebook_sha256, ""),
            prompts.get(run.prompt_sha256, ""),
        ):
            if used:
                doc.link("used", prov__activity=act, prov__entity=used)
        doc.link("wasAssociatedWith", prov__activity=act, prov__agent=person(run.coder.name))
        doc.link("wasGeneratedBy", prov__entity=results[run.id], prov__activity=act)
    for one in evaluations(store):
        act = doc.add(
            "activity",
            f"sc:evaluating/{one.id}",
            prov__startTime=one.made_at,
            prov__endTime=one.made_at,
        )
        made = doc.add("entity", f"sc:evaluation/{one.id}", **{_TYPE: _qname("sc:Evaluation")})
        doc.link("wasGeneratedBy", prov__entity=made, prov__activity=act)
        doc.link("wasAssociatedWith", prov__activity=act, prov__agent=person(one.who))
        if one.run_id in results:
            doc.link("used", prov__activity=act, prov__entity=results[one.run_id])
    _add_decisions(store, doc, person)
    for number, stone in enumerate(tombstones(store), start=1):
        act = doc.add("activity", f"sc:withdrawal/{number}", prov__startTime=stone.withdrawn_at)
        doc.link("wasAssociatedWith", prov__activity=act, prov__agent=person(stone.who))
        gone = next(i.id for i in transcript_infos(store) if i.name == stone.transcript)
        doc.link("wasInvalidatedBy", prov__entity=texts[gone], prov__activity=act)
    return {
        "prefix": {
            "sc": "urn:second-coder:",
            "prov": "http://www.w3.org/ns/prov#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        **doc.parts,
    }


def _add_decisions(store: Store, doc: _Document, person: Any) -> None:
    of = {s.id: s.guid for run in runs(store) for s in suggestions(store, run.id)}
    for one in decisions(store):
        act = doc.add(
            "activity",
            f"sc:decision/{one.id}",
            prov__startTime=one.decided_at,
            prov__endTime=one.decided_at,
            sc__decision=one.decision,
            sc__undoes=f"sc:decision/{one.undoes}" if one.undoes is not None else None,
        )
        made = doc.add(
            "entity",
            f"sc:suggestion/{of[one.suggestion_id]}",
            **{_TYPE: _qname("sc:Suggestion")},
        )
        doc.link("used", prov__activity=act, prov__entity=made)
        doc.link("wasAssociatedWith", prov__activity=act, prov__agent=person(one.reviewer))


def _qname(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _short(sha256: str) -> str:
    return sha256.rpartition(":")[2].rpartition("/")[2][:16]
