"""The library call ``sample``: Clarke sampling of a net at a point, as a typed result."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.options import require_choice, require_count, require_seconds, require_seed
from subgrad_hardness.api.readable import Readable, of_statement
from subgrad_hardness.api.shown import show_first, show_matrix, show_number, show_vector
from subgrad_hardness.api.values_json import directions_json, matrix_json
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.sampling import Member, Sample, gradient_sampling, sample_exact, sample_numerical
from subgrad_hardness.local.localise import localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import Number, NumberLike, exact, format_rational, parse_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.proof.written import statement_made

METHODS = ("numerical", "exact", "ball")


#: The text lists this many members; ``to_json`` has them all.
_MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleResult(Readable):
    """What ``sample`` found (``found``, see ``derivative.sampling.Sample``), and for which question.

    ``kinks`` counts the kinks of the program at the point; ``radius`` is None except for ``ball``;
    ``seconds`` is wall-clock time.
    """

    digest: str
    statement: str
    point: tuple[Fraction, ...]
    kinks: int
    samples: int
    seed: int
    radius: Fraction | None
    found: Sample
    seconds: float

    @property
    def members(self) -> tuple[Member, ...]:
        """The distinct Jacobians with their counts."""
        return self.found.members

    @property
    def note(self) -> str:
        """One sentence on what the members are."""
        if self.found.lower_bound:
            return (
                "Each is an exact lexicographic subgradient at the point; their number is a lower bound, "
                "there may be more."
            )
        return (
            f"These are gradients near the point (within {show_number(self.radius or 0)}), "
            "not necessarily Clarke subgradients at it; their number is a lower bound for the gradients in that ball."
        )

    def __repr__(self) -> str:
        one = "lexicographic subgradient" if self.found.lower_bound else "gradient"
        near = "" if self.found.lower_bound else " near the point"
        stopped = f", stopped: {self.found.stopped}" if self.found.stopped else ""
        return (
            f"<SampleResult {self.found.method}: at least {count(len(self.members), 'distinct ' + one)}{near}, "
            f"{count(self.found.drawn, 'sample')} drawn{stopped}>"
        )

    def lines(self) -> list[str]:
        """The answer for people, a few lines."""
        found = self.found
        what = "lexicographic subgradient" if found.lower_bound else "gradient"
        lines = [
            f"{count(len(found.members), 'distinct ' + what)} found in {count(found.drawn, 'sample')} "
            f"({found.method}), {count(self.kinks, 'kink')} at the point {show_vector(self.point)}"
        ]
        width = max((len(str(member.count)) for member in found.members), default=0)
        shown = [f"{each.count:>{width}} x  {show_matrix(each.jacobian)}" for each in found.members[:_MOST_SHOWN]]
        lines += show_first(shown, len(found.members))
        lines += [f"skipped {number}: {reason}" for reason, number in found.skipped]
        if found.stopped:
            lines.append(f"stopped early ({found.stopped}): {found.drawn} of {count(self.samples, 'sample')} drawn")
        return [*lines, self.note, *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``sample --json`` prints: exact numbers as strings, counts as integers."""
        return {
            "version": 1,
            "digest": self.digest,
            "statement": self.statement,
            "point": [format_rational(entry) for entry in self.point],
            "kinks": self.kinks,
            "method": self.found.method,
            "samples": self.samples,
            "drawn": self.found.drawn,
            "seed": self.seed,
            "radius": None if self.radius is None else format_rational(self.radius),
            "members": [_member(member) for member in self.members],
            "skipped": dict(self.found.skipped),
            "lower_bound": self.found.lower_bound,
            "note": self.note,
            "stopped": self.found.stopped,
            "seconds": round(self.seconds, 6),
        }


def sample(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    method: str = "numerical",
    samples: int = 1000,
    radius: Number | str = "1/1000",
    seed: int = 0,
    time_limit: float | None = None,
    most_members: int = 1000,
) -> SampleResult:
    """Sample lexicographic (Bouligand) subgradients of a net at a point, or gradients near it.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    method : str, optional
        ``numerical`` (random float directions through F'(x0; .), confirmed exactly), ``exact`` (random integer
        direction matrices) or ``ball`` (gradients at random points within ``radius`` of x0, which need not be Clarke
        subgradients at x0).
    samples : int, optional
        How many to draw.
    radius : number or str, optional
        Of the Euclidean ball, in the units of the inputs; only ``ball`` uses it.
    seed : int, optional
        Any integer; the same seed gives the same result everywhere.
    time_limit : number of seconds, optional
        What was found by then is returned, with ``found.stopped`` set.
    most_members : int, optional
        The most distinct Jacobians kept (``numerical``: the most exact recomputations).

    Returns
    -------
    SampleResult
        The distinct Jacobians found, how often, and an M for each (not for ``ball``).  Their number is a lower bound.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        An unknown method, or an option outside its range.

    Notes
    -----
    ``numerical`` costs ``samples`` vectorised passes and at most ``most_members`` exact ones, ``exact`` a few exact
    passes a sample, ``ball`` a localisation and a backward pass an output for each sample.  ``ball`` is the gradient
    sampling of Burke, Lewis and Overton (SIAM J. Optim. 15, 2005).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}, {"weight": [[1]]}]}
    >>> sh.sample(net, samples=100)
    <SampleResult numerical: at least 2 distinct lexicographic subgradients, 100 samples drawn>
    """
    start = time.monotonic()
    method, seed = require_choice(method, "method", METHODS), require_seed(seed)
    samples, most_members = require_count(samples, "samples"), require_count(most_members, "most_members")
    ball = _radius(radius)
    limits = Limits.seconds(require_seconds(time_limit))
    program = load(net)
    if point is not None:
        program = program.at(point)
    local = localise(program, limits=limits)
    if method == "numerical":
        found = sample_numerical(local.net, samples, seed, limits, most_members=most_members)
    elif method == "exact":
        found = sample_exact(local.net, samples, seed, limits, most_members=most_members)
    else:
        found = gradient_sampling(program, ball, samples, seed, limits, most_members=most_members)
    return SampleResult(
        digest=program.digest,
        statement=statement_made(program, "unknown"),
        point=program.point,
        kinks=len(local.kink_units),
        samples=samples,
        seed=seed,
        radius=ball if method == "ball" else None,
        found=found,
        seconds=time.monotonic() - start,
    )


def _radius(value: Number | str) -> Fraction:
    if isinstance(value, str):
        try:
            number = parse_rational(value)
        except ValueError as problem:
            raise ParameterError(str(problem), place="radius") from None
    elif isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise ParameterError(f"{value!r} is not a number", place="radius")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParameterError(f"{value!r} is not a finite number", place="radius")
    else:
        number = exact(value)
    if number <= 0:
        raise ParameterError(f"{show_number(number)} is not positive", place="radius")
    return number


def _member(member: Member) -> dict[str, Any]:
    return {
        "jacobian": matrix_json(member.jacobian),
        "count": member.count,
        "directions": None if member.directions is None else directions_json(member.directions),
    }
