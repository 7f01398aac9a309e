"""``shortest``: the subgradient of least norm."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.options import require_bytes, require_choice, require_flag, require_seconds, require_seed
from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels, Ended
from subgrad_hardness.processes.limited import limited
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.autodiff_set import AutodiffSet
from subgrad_hardness.subdifferentials.placing import Placing
from subgrad_hardness.subdifferentials.sets import ClarkeSet, ConvexSet

#: The convex sets that have a shortest element.
CONVEX = ("clarke", "autodiff")


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ShortestResult:
    """The element of least Euclidean norm (over all m p entries) of a convex set of subgradients.

    Attributes
    ----------
    which : ``"clarke"`` or ``"autodiff"``.
    subgradient, squared_norm : the element, m x p, and its squared norm: the least if ``exact``, else the least known.
    weights, elements : the combination that it is.
    certificate : accepted by the verifier, or None, and ``why``.
    """

    digest: str
    point: tuple[Fraction, ...]
    which: str
    subgradient: Matrix
    squared_norm: Fraction
    exact: bool
    weights: tuple[Fraction, ...]
    elements: tuple[Matrix, ...]
    certificate: Statement | None
    why: str | None
    seconds: float

    def __repr__(self) -> str:
        sign = "" if self.exact else "<= "
        return f"<ShortestResult: {show_matrix(self.subgradient)}, squared norm {sign}{show_number(self.squared_norm)}>"

    def to_json(self) -> dict[str, Any]:
        """The object that ``shortest --json`` prints."""
        return {
            "digest": self.digest,
            "point": vector_json(self.point),
            "set": self.which,
            "subgradient": matrix_json(self.subgradient),
            "squared_norm": format_rational(self.squared_norm),
            "exact": self.exact,
            "weights": vector_json(self.weights),
            "elements": [matrix_json(element) for element in self.elements],
            "certified": self.certificate is not None,
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
        Seconds for the search, after which the best known element is given; bytes for everything.

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
        The memory limit was hit before anything was known.

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
    seconds, memory = require_seconds(time_limit), require_bytes(memory_limit)
    job = partial(
        shortest_within,
        which=require_choice(which, "which", CONVEX),
        point=point,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
        seconds=seconds,
    )
    ended: Ended[ShortestResult] = limited(job, net, memory=memory)
    if ended.result is None:
        raise LimitReached(ended.stopped or "a limit")
    return ended.result


def shortest_within(
    net: NetLike,
    limits: Limits,
    _: Channels[ShortestResult],
    *,
    which: str,
    point: Sequence[NumberLike] | None,
    certify: bool,
    seed: int,
    seconds: float | None,
) -> ShortestResult:
    """``shortest`` in this process."""
    start = time.monotonic()
    program = load(net, point)
    convex: ConvexSet = ClarkeSet(program, seed) if which == "clarke" else AutodiffSet(program, seed)
    zero = ((Fraction(0),) * program.input_count,) * program.output_count
    placing = Placing(convex, zero)
    found = placing.place(limits if seconds is None else limits.within(seconds), closest=True, argued=certify)
    made = stating.Stated(None, found.why)
    if certify and found.closest:
        made = stating.stated(program, stating.shortest(program, which, found), found.why)
    return ShortestResult(
        digest=program.digest,
        point=program.point,
        which=which,
        subgradient=found.nearest,
        squared_norm=found.squared_distance,
        exact=found.closest,
        weights=tuple([weight for weight, _ in found.combination]),
        elements=tuple([element.jacobian for _, element in found.combination]),
        certificate=made.certificate,
        why=made.uncertified,
        seconds=time.monotonic() - start,
    )
