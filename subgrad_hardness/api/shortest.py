"""``shortest``: the subgradient of least norm."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.options import require_choice, require_flag, require_seed
from subgrad_hardness.api.readable import Readable, of_proof, of_statement
from subgrad_hardness.api.shown import equal_to_combination, show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.autodiff_set import AutodiffSet
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.placing import Placed, Placing
from subgrad_hardness.subdifferentials.sets import ConvexSet

#: The convex sets that have a shortest element.
CONVEX = ("clarke", "autodiff")


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ShortestResult(Readable):
    """The element of least Euclidean norm (over all m p entries) of a convex set of subgradients.

    Attributes
    ----------
    which : ``"clarke"`` or ``"autodiff"``.
    subgradient, squared_norm : the element, m x p, and its squared norm: the least if ``exact``, else the least known.
    weights, elements : the combination that it is.
    certificate : accepted by the verifier, or None; ``uncertified`` says why.
    why : why no exact value is known.
    """

    digest: str
    statement: str
    point: tuple[Fraction, ...]
    which: str
    subgradient: Matrix
    squared_norm: Fraction
    exact: bool
    weights: tuple[Fraction, ...]
    elements: tuple[Matrix, ...]
    certificate: Statement | None
    uncertified: str | None
    why: str | None
    seconds: float

    def __repr__(self) -> str:
        sign = "" if self.exact else "<= "
        return f"<ShortestResult: {show_matrix(self.subgradient)}, squared norm {sign}{show_number(self.squared_norm)}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        known = "the shortest" if self.exact else "the shortest known"
        proof = ", certified" if self.certificate is not None else ""
        lines = [
            f"{known} element ({self.which}) at {show_vector(self.point)}{proof}:",
            *equal_to_combination(
                f"  {show_matrix(self.subgradient)}, squared norm {show_number(self.squared_norm)}",
                self.weights,
                self.elements,
            ),
        ]
        return [*lines, *of_proof(self.why, self.uncertified), *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``shortest --json`` prints."""
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "point": vector_json(self.point),
            "set": self.which,
            "subgradient": matrix_json(self.subgradient),
            "squared_norm": format_rational(self.squared_norm),
            "exact": self.exact,
            "weights": vector_json(self.weights),
            "elements": [matrix_json(element) for element in self.elements],
            "certified": self.certificate is not None,
            "uncertified": self.uncertified,
            "why": self.why,
            "seconds": self.seconds,
        }


def shortest(
    net: NetLike,
    *,
    which: str = "clarke",
    point: Sequence[NumberLike] | None = None,
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> ShortestResult:
    """The subgradient of least Euclidean norm; 0 iff the point is stationary in the sense of the set.

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.
    which : ``"clarke"`` or ``"autodiff"``
        d_C F(x0), or the hull of all results of backpropagation.
    point : sequence of numbers, optional
        Replaces the net's own point.
    certify : bool
        Make a certificate.
    seed : int
        Of the directions in which first members are looked for; the answer does not depend on it where it is exact.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; then the best known element is given.

    Returns
    -------
    ShortestResult

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before anything was known.

    Notes
    -----
    Wolfe's algorithm (1976) in rationals, its linear minimisation by the support function (column generation).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x y; a = abs x; f = a + 2 y; outputs f")
    >>> sh.shortest(net)
    <ShortestResult: (0, 2), squared norm 4>
    """
    job: Job[ShortestResult] = partial(
        shortest_within,
        which=require_choice(which, "which", CONVEX),
        point=point,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_within(job, net, time_limit, memory_limit)


def shortest_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[ShortestResult],
    *,
    which: str,
    point: Sequence[NumberLike] | None,
    certify: bool,
    seed: int,
) -> ShortestResult:
    """``shortest`` in this process; reports each shorter element."""
    start = time.monotonic()
    program = near_point(load(net, point), limits=limits)
    convex: ConvexSet = ClarkeSet(program, seed) if which == "clarke" else AutodiffSet(program, seed)
    zero = ((Fraction(0),) * program.input_count,) * program.output_count

    def result(found: Placed, made: stating.Stated) -> ShortestResult:
        return ShortestResult(
            digest=program.digest,
            statement=statement_made(program, "unknown"),
            point=program.point,
            which=which,
            subgradient=found.nearest,
            squared_norm=found.squared_distance,
            exact=found.closest,
            weights=tuple([weight for weight, _ in found.combination]),
            elements=tuple([element.jacobian for _, element in found.combination]),
            certificate=made.certificate,
            uncertified=made.uncertified,
            why=None if found.closest else made.uncertified,
            seconds=time.monotonic() - start,
        )

    def heard(found: Placed) -> None:
        channels.result(result(found, stating.Stated(None, STOPPED)))

    found = Placing(convex, zero).place(limits, closest=True, argued=certify, heard=heard)
    if not (certify and found.closest):
        return result(found, stating.Stated(None, None if found.closest else found.why))
    heard(found)
    return result(found, stating.stated(program, stating.shortest(program, which, found), found.why))
