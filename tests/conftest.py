"""Seeds are fixed for every property test, so that a failure comes back when it is looked for."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")
