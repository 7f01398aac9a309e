"""The support function of d_C in a direction, by column generation: attained by a member, proved from above."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.oracle import Higher, Oracle, Proof


class Bracket(NamedTuple):
    """The greatest value of a functional on d_C lies between ``attained``, its value at ``member``, and ``proved``.

    ``proved`` is None where no bound is known.  Where the two are equal, ``proof`` says why there is no greater value.
    """

    attained: Fraction
    member: Element
    proved: Fraction | None
    proof: Proof | None

    @property
    def decided(self) -> bool:
        """Whether the greatest value is known."""
        return self.attained == self.proved

    @property
    def argument(self) -> Argument | None:
        """The argument of the proof, if it is one."""
        return None if self.proof is None else self.proof.argument


def supremum(
    program: Program,
    outputs_weights: Sequence[Fraction | int],
    direction: Sequence[Fraction | int],
    limits: Limits | None = None,
) -> Bracket:
    """The greatest w J u over J in d_C F(x0), for weights w of the outputs and a direction u."""
    matrix = tuple([tuple([Fraction(weight) * entry for entry in direction]) for weight in outputs_weights])
    return supported(Oracle(program), matrix, limits or Limits())


def supported(oracle: Oracle, matrix: Matrix, limits: Limits, *, argued: bool = True) -> Bracket:
    """The greatest <U, J> over J in d_C F(x0), for an m x p matrix U; a limit ends in a bracket.

    As hard as the weighted densest hemisphere, which is NP-hard, even for one hidden layer.
    """
    asked = oracle.functional(matrix)
    oracle.begin()
    while True:
        known, member = oracle.greatest(asked)
        attained = Fraction(known, asked.denominator)
        if limits.remaining and oracle.improve(asked, known, limits):
            continue
        answer = oracle.bound(asked, known, limits, argued=argued)
        if isinstance(answer, Proof):
            return Bracket(attained, member, attained, answer)
        if not isinstance(answer, Higher):
            high = None if answer.high is None else Fraction(max(answer.high, known), asked.denominator)
            return Bracket(attained, member, high, None)
