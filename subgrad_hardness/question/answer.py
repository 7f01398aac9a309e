"""What an engine answers: a witness, a refutation, or neither."""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.proof.steps import Proof


class Witness(NamedTuple):
    """A direction d (p integers) with F'(x0; d) != g d."""

    direction: tuple[int, ...]


class Refutation(NamedTuple):
    """No direction separates.

    ``why`` says in words how this was decided; ``proof`` is what a certificate is made of (None: this
    engine keeps no record of its reasons).
    """

    why: str
    proof: Proof | None = None


class Undecided(NamedTuple):
    """No exact answer: an inexact solver's claim in ``believed`` (a verdict), or a limit: then
    (``limited``) the run may be asked again, and is worth most of the time if it says so (``hopeful``)."""

    why: str
    believed: str | None = None
    limited: bool = False
    hopeful: bool = False


Answer = Witness | Refutation | Undecided
