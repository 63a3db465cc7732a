"""What the evidence says of a run's codes now, and what it keeps out of sight.

Suggestions of a code in the lane `withhold` are shown to nobody who did not ask for them: the model
is not shown to know that code. Pages and commands hide them by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.decisions.policy import policy_hash
from assistant.errors import SecondCoderError
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.measured.evidence import StandingVerdict, standing_verdicts
from assistant.store.model.reply_records import Suggestion
from assistant.store.records import RunRow
from assistant.store.versions import recipe
from assistant.study import Study

__all__ = ["WITHHELD", "lanes", "lanes_if_measured", "verdicts_of", "without_withheld"]

WITHHELD = "withhold"


def verdicts_of(study: Study, store: Store, run: RunRow) -> dict[str, StandingVerdict]:
    """Code -> its newest verdict for this run's recipe, under the policy in force; also one whose
    evidence has changed since, with what has changed."""
    there = standing_verdicts(store, policy_hash(study))
    if not there:
        return {}
    content = recipe(store, run.recipe_sha256)
    wanted = {code: code_recipe_hash(content, code) for code in {s.verdict.code for s in there}}
    return {
        s.verdict.code: s for s in there if s.verdict.code_recipe_sha256 == wanted[s.verdict.code]
    }


def lanes(study: Study, store: Store, run: RunRow) -> dict[str, str]:
    """Code -> lane, of the verdicts that still count. Raises `UserError` for a policy that cannot
    be read."""
    found = verdicts_of(study, store, run)
    return {code: standing.verdict.lane for code, standing in found.items() if not standing.void}


def lanes_if_measured(study: Study, store: Store, run: RunRow) -> dict[str, str]:
    """As `lanes`; nothing where no policy can be read, since then no verdict counts."""
    try:
        return lanes(study, store, run)
    except SecondCoderError:
        return {}


def without_withheld(
    found: Sequence[Suggestion], lane_of: Mapping[str, str]
) -> tuple[Suggestion, ...]:
    """The suggestions that are shown to somebody who did not ask for the withheld ones."""
    return tuple(s for s in found if lane_of.get(s.code) != WITHHELD)
