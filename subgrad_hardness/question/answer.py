"""What an engine answers: a witness, a refutation, or neither; each with its effort in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from subgrad_hardness.proof.steps import Proof

#: How much work an answer took, in the engine's own units: {"half_spaces": 9, "lemmas": 30}.
Effort = Mapping[str, int]

_NONE: Effort = {}


class Witness(NamedTuple):
    """A direction d (p integers) that the constraints allow and at which a goal is positive."""

    direction: tuple[int, ...]
    effort: Effort = _NONE


class Refutation(NamedTuple):
    """No goal is positive anywhere.

    ``why`` says in words how this was decided; ``proof`` is what a certificate is made of (None: this
    engine keeps no record of its reasons).
    """

    why: str
    proof: Proof | None = None
    effort: Effort = _NONE


class Undecided(NamedTuple):
    """No exact answer: an inexact solver's claim in ``believed`` (a verdict), or a limit: then
    (``limited``) the run may be asked again, and is worth most of the time if it says so (``hopeful``)."""

    why: str
    believed: str | None = None
    limited: bool = False
    hopeful: bool = False
    effort: Effort = _NONE


Answer = Witness | Refutation | Undecided
