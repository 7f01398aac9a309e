"""Faults of the verifier that change nothing but its speed, or only what no file can hold; each with the reason."""

from __future__ import annotations

#: (file, function, what) -> why it cannot matter.
EQUIVALENT: dict[tuple[str, str, str], str] = {}
