"""The schema, as steps. Every table is made here, STRICT; inserting never makes one.

A released step is never edited: a change is a new step in the newest file. The order of the
imports below is the order of the steps. Positions are code points, ``start_char`` inclusive and
``end_char`` exclusive. Times are ISO 8601 in UTC. Lists and objects are JSON text.
"""

from __future__ import annotations

# isort: off
from assistant.store.schema import interviews, runs, decisions, additions  # noqa: F401
from assistant.store.schema import review, sharing  # noqa: F401
from assistant.store.schema import times  # noqa: F401
from assistant.store.schema import sealed  # noqa: F401
from assistant.store.schema import projects  # noqa: F401
from assistant.store.schema import adjudicated  # noqa: F401
from assistant.store.schema import checks  # noqa: F401
from assistant.store.schema import looked  # noqa: F401
from assistant.store.schema import noted  # noqa: F401
from assistant.store.schema import again  # noqa: F401
from assistant.store.schema import ranked  # noqa: F401
from assistant.store.schema import taken_back  # noqa: F401
from assistant.store.schema import corrected  # noqa: F401
from assistant.store.schema import spelled  # noqa: F401
from assistant.store.schema import asked  # noqa: F401

# isort: on
from assistant.store.schema.steps import MIGRATIONS, NAME

__all__ = ["MIGRATIONS", "NAME"]
