"""The table of all obfuscations; a new one is one import and one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.deepen import deepened
from subgrad_hardness.obfuscation.identity import with_identities
from subgrad_hardness.obfuscation.linear import with_linear
from subgrad_hardness.obfuscation.move import moved
from subgrad_hardness.obfuscation.rescale import rescaled
from subgrad_hardness.obfuscation.split import split
from subgrad_hardness.obfuscation.unimodular import unimodular


class Obfuscation(NamedTuple):
    """One way to rewrite a net and keep its verdict.

    Attributes
    ----------
    name, summary : how ``obfuscate`` calls it, and one line.
    apply : the net, rewritten at random by a seed.  Raises NetError where it would become too large.
    """

    name: str
    summary: str
    apply: Callable[[Program, int], Program]


OBFUSCATIONS = {
    entry.name: entry
    for entry in (
        Obfuscation("unimodular", "the inputs changed by a random integer matrix with an integer inverse", unimodular),
        Obfuscation("rescale", "units permuted and multiplied by positive rationals, divided out again", rescaled),
        Obfuscation("identity", "identities such as x = relu(x) - relu(-x) on a quarter of the edges", with_identities),
        Obfuscation("split", "half of the units split into several, or written in other words", split),
        Obfuscation("move", "the point moved, with active and inactive neurons around it", moved),
        Obfuscation("linear", "a random linear function added to every output", with_linear),
        Obfuscation("deepen", "layers that pass values through", deepened),
    )
}
