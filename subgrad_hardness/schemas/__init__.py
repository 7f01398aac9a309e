"""JSON Schemas (draft 2020-12) of net files, certificates, errors, and of what
check, path, jsr, audit, kink and piggyback print.

They say what JSON Schema can say.  Sizes that must fit together, names that must exist, cycles and
duplicate keys are beyond it: the readers decide.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

#: What ``schema`` takes.
NAMES = ("net", "report", "error", "certificate", "path", "jsr", "audit", "kink", "piggyback")


def schema(name: str) -> dict[str, Any]:
    """The parsed JSON Schema ``name``: one of ``NAMES``.

    Raises ValueError for another name.
    """
    if name not in NAMES:
        raise ValueError(f"unknown schema {name!r}; known: {', '.join(NAMES)}")
    text = resources.files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed
