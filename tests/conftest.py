"""Settings of the whole test run."""

from __future__ import annotations

from hypothesis import settings

# A slow machine is no failure; what takes long is bounded by the number of examples.
settings.register_profile("exact", deadline=None)
settings.load_profile("exact")
