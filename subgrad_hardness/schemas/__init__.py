"""The JSON Schemas (draft 2020-12) of the net file, of ``check --json``, errors, the certificate, ``path --json``.
"""The JSON Schemas (draft 2020-12) of the net file, of ``check --json``, of its errors,
of the certificate and of ``audit --json``.

They say what JSON Schema can say.  Sizes that must fit together, names that must exist, cycles and
duplicate keys are beyond it: the readers decide.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

#: What ``schema`` takes.
NAMES = ("net", "report", "error", "certificate", "path")


def schema(name: str) -> dict[str, Any]:
    """The parsed JSON Schema ``name``: one of ``NAMES``.
NAMES = ("net", "report", "error", "certificate", "audit")
    """The parsed JSON Schema ``name``: ``"net"``, ``"report"``, ``"error"``, ``"certificate"`` or ``"audit"``.

    Raises ValueError for another name.
    """
    if name not in NAMES:
        raise ValueError(f"unknown schema {name!r}; known: {', '.join(NAMES)}")
    text = resources.files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed
