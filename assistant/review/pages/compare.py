"""Two runs side by side: what got better, what got worse, what flipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from assistant.decisions.kept_back import KeptBack, kept_back
from assistant.errors import UserError
from assistant.guide.comparing import compare_stored, count_look
from assistant.review.desk import Asked, NotThere, page
from assistant.review.rendering import render
from assistant.review.reporting import card_html, section_html
from assistant.review.showing import refuse_sums
from assistant.store.database import Store
from assistant.store.model.runs import runs
from assistant.store.people.coders import coders
from assistant.store.people.codings import scopes
from assistant.store.people.openings import record_openings
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study

if TYPE_CHECKING:
    from eval.compare.records import Comparison

__all__ = ["ROUTES"]

_SHOWN = 25
_GROUPS = {
    "fixed": ("Got better", "The second run says what people say, the first did not."),
    "broken": ("Got worse", "The first run says what people say, the second does not."),
    "changed": (
        "Flipped",
        "The runs say different things, and people differ or nobody coded the place: nothing says "
        "which is right.",
    ),
}


def _compared(
    asked: Asked, study: Study, store: Store, first: int, second: int, drift: bool
) -> Comparison:
    """Kept until codes or runs change. ``drift``: also where definitions differ.

    Raises `KeptBack` where she is to code all that it rests on blind; a look is counted only of
    what is shown.
    """
    state = (
        tuple((r.id, r.status, r.ended_at) for r in runs(store)),
        tuple((i.id, i.codings, i.withdrawn) for i in transcript_infos(store)),
        hash(tuple((s.coder, s.transcript_id, s.exposure) for s in scopes(store))),
        study.policy_file.read_bytes() if study.policy_file.is_file() else b"",
    )
    kept = asked.desk.kept.setdefault("comparisons", {})
    key = (first, second, drift)
    if key not in kept or kept[key][0] != state:
        kept[key] = (state, compare_stored(study, store, first, second, anyway=drift))
    found: Comparison = kept[key][1]
    refuse_sums(
        asked,
        store,
        found.transcripts,
        people=found.people,
        models=[r.coder.id for r in runs(store) if r.id in (first, second)],
    )
    if asked.first_look("compare", first, second, state):
        count_look(store, found, asked.who)
    return found


def _record(asked: Asked, store: Store, found: Comparison, shown: list[str]) -> None:
    """People's codes and both runs' are on the page, of every transcript that is shown."""
    ids = {i.name: i.id for i in transcript_infos(store)}
    people = {c.name: c.id for c in coders(store, "human")}
    models = {r.id: r.coder.id for r in runs(store)}
    for name in dict.fromkeys(shown):
        record_openings(
            store,
            asked.who,
            ids[name],
            model=[models[found.first.id], models[found.second.id]],
            people=[people[p] for p in found.people if p in people],
            place="comparison",
        )


def _show(asked: Asked) -> Response:
    from dataclasses import replace

    from eval.compare.document import sections, title
    from eval.compare.writing import comparison_page
    from eval.disagreements.study import codebook_lines

    with asked.desk.writing() as (study, store):
        there = runs(store)
        wanted = [asked.query("first"), asked.query("second")]
        if not all(w.isdigit() for w in wanted):
            if len(there) < 2:
                raise UserError(
                    "Two runs are needed to compare, and there are fewer.",
                    hint="Plan another run, with another prompt or codebook.",
                )
            wanted = [str(there[-2].id), str(there[-1].id)]
        first, second = int(wanted[0]), int(wanted[1])
        if not {first, second} <= {r.id for r in there}:
            raise NotThere("One of these runs is not there.")
        # To compare although definitions differ is one thing (`drift`), to be shown what one is to
        # code blind another (`anyway`, `refuse_sums`).
        drift = asked.query("drift") == "1"
        try:
            found = _compared(asked, study, store, first, second, drift)
        except KeptBack:
            raise
        except UserError as error:
            return render(
                asked,
                "compare.html",
                here="/runs",
                error=error,
                first=first,
                second=second,
                runs=there[::-1],
                drift=drift,
                told=asked.anyway,
            )
        names = {i.id: i.name for i in transcript_infos(store)}
        back = {names[key] for key in kept_back(store, asked.who) if key in names}
        code = asked.query("code")
        changed = [
            c for c in found.changed if c.transcript not in back and (not code or c.code == code)
        ]
        counts = {what: sum(c.happened == what for c in changed) for what in _GROUPS}
        what = asked.query("what") or next((w for w in _GROUPS if counts[w]), "fixed")
        begin = int(asked.query("from")) if asked.query("from").isdigit() else 0
        mine = [c for c in changed if c.happened == what][begin : begin + _SHOWN]
        _record(asked, store, found, [c.transcript for c in mine])
        drawn = comparison_page(
            store,
            replace(found, changed=tuple(mine)),
            study.config.name,
            codebook_lines(study, found.definitions.codebook),
        )
        parts = sections(found)
        said: list[str] = []
        return render(
            asked,
            "compare.html",
            here="/runs",
            error=None,
            title=title(found),
            first=first,
            second=second,
            runs=there[::-1],
            found=found,
            answer=section_html(parts[0], said),
            sections=[(s, section_html(s, said)) for s in parts[1:]],
            cards=[card_html(c, 3) for g in drawn.groups for c in g.cards],
            counts=counts,
            groups=_GROUPS,
            what=what,
            code=code,
            codes=sorted({(found.code_names.get(c.code, c.code), c.code) for c in found.changed}),
            begin=begin,
            shown=_SHOWN,
            most=max(counts.values()) or 1,
            drift=drift,
            told=asked.anyway,
            left_out=len(back),
        )


ROUTES = (Route("/compare", page(_show)),)
