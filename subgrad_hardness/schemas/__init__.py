"""JSON Schemas (draft 2020-12) of net files, certificates, errors, and of every object that a command prints.

A command's schema bears its name; ``report`` is that of ``check`` and ``decode``, ``batch`` and ``verified`` are those
of the lines of ``check`` and ``verify`` about many nets.  Every object has a key ``version``, which rises when a key
changes its meaning or goes; a new key is no new version.

They say what JSON Schema can say.  Sizes that must fit together, names that must exist, cycles and
duplicate keys are beyond it: the readers decide.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

#: What ``schema`` takes.
NAMES = (
    *("net", "certificate", "error", "report", "batch", "verify", "verified"),
    *(
        "gradient",
        "sample",
        "subdifferential",
        "contains",
        "audit",
        "census",
        "support",
        "shortest",
        "stationary",
        "regular",
    ),
    *("lipschitz", "affine", "cube", "equal", "kink", "piggyback", "path", "jsr", "cells", "info", "cost", "doctor"),
)


def schema(name: str) -> dict[str, Any]:
    """The parsed JSON Schema ``name``: one of ``NAMES``.

    Raises ValueError for another name.
    """
    if name not in NAMES:
        raise ValueError(f"unknown schema {name!r}; known: {', '.join(NAMES)}")
    text = resources.files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed
