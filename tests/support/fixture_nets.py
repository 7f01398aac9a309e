"""Nets whose subdifferentials are known exactly, by name (``subdifferential-fixtures.json``)."""

from __future__ import annotations

import json
from typing import Any

from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from support.paths import ROOT

_DATA = json.loads((ROOT / "tests" / "support" / "subdifferential-fixtures.json").read_text(encoding="utf-8"))

#: Net objects by name; three or more programs agree on each one's answers.
FIXTURES: dict[str, dict[str, Any]] = _DATA["nets"]

#: A block of a net trained on digits: 311,762 activation cells, and a direction along which all subgradients fall.
BLOCK = "digits-1405 block, logit 9"
SEPARATING: tuple[int, ...] = tuple(_DATA[f"{BLOCK}: separating direction"])


def fixture(name: str) -> Program:
    """The net of this name."""
    return load(FIXTURES[name])
