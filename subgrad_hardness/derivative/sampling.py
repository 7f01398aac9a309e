"""Clarke sampling at x0, in floating point and exactly, and gradient sampling in a ball around it.

Every sample finds a finite part of an infinite or exponentially large thing: absence proves nothing.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import Steps
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Direction, Directions, lock_branches
from subgrad_hardness.derivative.tied_kinks import first_moving_tie
from subgrad_hardness.local.local_net import LocalNet, Matrix, Rows
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import primitive

if TYPE_CHECKING:
    from subgrad_hardness.derivative.compiled import FloatArray

#: Members are kept as long as they hold no more Jacobian entries than this together (and two always).
_MOST_ENTRIES = 4 * 10**6
#: Float directions are drawn in blocks of at most 256 directions and 2^20 entries (8 MB of binary64).
_BLOCK_DIRECTIONS, _BLOCK_ENTRIES = 256, 2**20
#: Exact directions have entries up to these sizes in turn: small ones tie often and so meet the cells
#: around a face, large ones meet cells by their volume.
_SIZES = (1, 9, 10**6)
#: In at most this many dimensions the ball is sampled by rejection from the cube (at worst 1 in 13 is kept).
_REJECTION_DIMENSIONS = 6
#: Points of the ball are drawn on a grid of radius * 2^-32.
_GRID = 2**32
#: The mean of the sum of four 32-bit words.
_MEAN = 2 * (2**32 - 1)

Mark = TypeVar("Mark")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One Jacobian (m x p rationals), how many samples gave it, and (at x0) an M that gives it."""

    jacobian: Matrix
    count: int
    directions: Directions | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What sampling found.

    Attributes
    ----------
    method : ``numerical``, ``exact`` or ``ball``.
    drawn : how many samples were drawn: the counts of the members and of ``skipped`` together.
    members : distinct Jacobians, by falling count, then by their entries.
    skipped : (reason, how many samples) of those that gave no member.
    lower_bound : True where every member is in d_L F(x0), so that their number bounds the number of
        lexicographic subgradients from below.  False for ``ball``: its members are gradients NEAR x0
        and need not be Clarke subgradients at x0.
    stopped : the limit that ended the sampling early, or None.
    """

    method: str
    drawn: int
    members: tuple[Member, ...]
    skipped: tuple[tuple[str, int], ...]
    lower_bound: bool
    stopped: str | None


#: One sample: a Jacobian under any injective key with an M that gives it; or, in words, why it gave none.
_Draw = tuple[Mark, Directions | None] | str


def _collected(
    method: str, samples: int, draws: Iterator[_Draw[Mark]], matrix: Callable[[Mark], Matrix], most: int
) -> Sample:
    """What the draws gave, until they end or a limit ends them; at most ``most`` Jacobians are kept."""
    found: dict[Mark, tuple[int, Directions | None]] = {}
    skipped: Counter[str] = Counter()
    stopped = None
    try:
        steps = Steps(samples, "sample")
        for number, draw in enumerate(draws, start=1):
            steps.done(number)
            if isinstance(draw, str):
                skipped[draw] += 1
                continue
            key, directions = draw
            if key not in found and len(found) == most:
                skipped[f"distinct Jacobians beyond the {most} kept"] += 1
                continue
            count, first = found.get(key, (0, directions))
            found[key] = count + 1, first
    except LimitReached as reached:
        stopped = str(reached)
    members = [
        Member(jacobian=matrix(key), count=count, directions=directions) for key, (count, directions) in found.items()
    ]
    members.sort(key=lambda member: (-member.count, member.jacobian))
    return Sample(
        method=method,
        drawn=sum(member.count for member in members) + skipped.total(),
        members=tuple(members),
        skipped=tuple(skipped.items()),
        lower_bound=method != "ball",
        stopped=stopped,
    )


def sample_numerical(
    net: LocalNet, samples: int, seed: int = 0, limits: Limits | None = None, *, most_members: int = 1000
) -> Sample:
    """Many random directions d at once through F'(x0; .) in floating point, each Jacobian confirmed exactly.

    Not through F at a radius, which would meet kinks away from x0.  Entries of d are sums of four
    uniform 32-bit integers minus their mean, so that d is nearly isotropic and exactly an integer
    vector.  Directions are grouped by the branches that rounding saw; the first of each group is
    recomputed exactly (J_L at that direction, further directions breaking a tie).  If rounding saw the true
    branches, or others of the same Jacobian, the group counts for that Jacobian; if not, each of its
    directions is recomputed by itself and counts for its own.  So every member is exact, while the
    count of a group trusts rounding: two directions that it cannot tell apart count as one kind.

    Parameters
    ----------
    net : F'(x0; .), p inputs, m outputs.
    samples : how many directions.
    most_members : the most exact recomputations; what would need more is skipped and counted.

    All members are in d_L F(x0).  A limit ends it early, with what was found so far.  Costs
    ``samples`` vectorised and at most ``most_members`` exact forward and backward passes.
    """
    most = _room(net.inputs, len(net.outputs), most_members)
    return _collected("numerical", samples, _numerical(net, samples, seed, limits or Limits(), most), net.scaled, most)


def _numerical(net: LocalNet, samples: int, seed: int, limits: Limits, most: int) -> Iterator[_Draw[Rows]]:
    """The draws of ``sample_numerical``.  Raises LimitReached."""
    import numpy as np

    from subgrad_hardness.derivative.compiled import compile_net

    confirmed: dict[bytes, Rows] = {}
    recomputed = 0
    limits.check()
    compiled = compile_net(net)
    for directions in _float_directions(net.inputs, samples, seed):
        limits.check()
        passing, _ = compiled.evaluate(directions)
        packed = np.packbits(passing, axis=1)
        for number in range(len(directions)):
            pattern = packed[number].tobytes()
            if pattern in confirmed:
                yield confirmed[pattern], None
                continue
            if recomputed == most:
                yield f"needed more than {most} exact recomputations"
                continue
            limits.check()
            direction = primitive(map(int, directions[number]))
            if not any(direction):
                yield "zero direction"
                continue
            element = lock_branches(net, [direction])
            recomputed += 1
            seen = tuple(map(bool, passing[number]))
            if seen == element.passing or net.gradient_rows(seen) == element.rows:
                confirmed[pattern] = element.rows
            yield element.rows, element.directions


def _float_directions(dimension: int, count: int, seed: int) -> Iterator[FloatArray]:
    """``count`` directions in blocks of (n, p) binary64, all entries integers below 2^34 in size."""
    import numpy as np

    stream = Stream(seed, "clarke", "numerical")
    block = max(1, min(_BLOCK_DIRECTIONS, _BLOCK_ENTRIES // dimension))
    for first in range(0, count, block):
        rows = min(block, count - first)
        words = np.frombuffer(stream.words(2 * rows * dimension), "<u4").reshape(rows, dimension, 4)
        yield (words.sum(axis=2, dtype=np.int64) - _MEAN).astype(np.float64)


def sample_exact(
    net: LocalNet, samples: int, seed: int = 0, limits: Limits | None = None, *, most_members: int = 1000
) -> Sample:
    """Random integer direction matrices M, each giving J_L(x0; M) by exact arithmetic alone.

    A random leading direction, and further random directions where it leaves a tie, so there never
    is one; entries are uniform in [-1, 1], [-9, 9] and [-10^6, 10^6] in turn.

    Parameters
    ----------
    net : F'(x0; .), p inputs, m outputs.
    samples : how many matrices.
    most_members : the most distinct Jacobians kept; samples that give others are skipped and counted.

    All members are in d_L F(x0).  A limit ends it early, with what was found so far.  Costs a few
    exact forward and backward passes a sample.
    """
    most = _room(net.inputs, len(net.outputs), most_members)
    return _collected("exact", samples, _exact(net, samples, seed, limits or Limits()), net.scaled, most)


def _exact(net: LocalNet, samples: int, seed: int, limits: Limits) -> Iterator[_Draw[Rows]]:
    """The draws of ``sample_exact``.  Raises LimitReached."""
    stream = Stream(seed, "clarke", "exact")
    for number in range(samples):
        limits.check()
        size = _SIZES[number % len(_SIZES)]

        def supply(size: int = size) -> Direction:
            return stream.direction(net.inputs, size)

        element = lock_branches(net, [supply()], supply)
        yield element.rows, element.directions


def gradient_sampling(
    program: Program,
    radius: Fraction,
    samples: int,
    seed: int = 0,
    limits: Limits | None = None,
    *,
    most_members: int = 1000,
) -> Sample:
    """Gradients of F at random points of the ball of radius r around x0 (the classical gradient sampling).

    The members are gradients NEAR x0 and need not be Clarke subgradients at x0: at
    relu(x - 1/1000) and x0 = 0 with r = 1/100 it finds 0 and 1 although F'(0) = 0.  They are exact:
    points are exact rationals, F is localised there, and points at which a kink remains are skipped
    and counted.

    Parameters
    ----------
    program : F and x0.
    radius : r > 0, in the units of the inputs (Euclidean norm).
    samples : how many points.
    most_members : the most distinct Jacobians kept; samples that give others are skipped and counted.

    Points are uniform on a grid of r 2^-32 in the ball for p <= 6 (rejection from the cube); for
    larger p near-uniform: the direction has entries that are sums of four uniforms minus their mean,
    which is nearly isotropic, the length is r times the largest of p uniforms (distributed as
    U^(1/p)), rounded so that the norm never exceeds r, exactly.

    Costs a localisation and m backward passes a point.  A limit ends it early, with what was found
    so far.  Source: Burke, Lewis, Overton, A robust gradient sampling algorithm for nonsmooth,
    nonconvex optimization, SIAM J. Optim. 15 (2005); their bundle also holds the gradient at the
    centre, here only the random points count.
    """
    most = _room(program.input_count, program.output_count, most_members)
    draws = _in_ball(program, radius, samples, seed, limits or Limits())
    return _collected("ball", samples, draws, lambda jacobian: jacobian, most)


def _in_ball(program: Program, radius: Fraction, samples: int, seed: int, limits: Limits) -> Iterator[_Draw[Matrix]]:
    """The draws of ``gradient_sampling``.  Raises LimitReached."""
    stream = Stream(seed, "gradient sampling")
    for _ in range(samples):
        limits.check()
        steps, denominator = ball_point(stream, program.input_count)
        unit = radius / denominator
        point = [start + unit * step for start, step in zip(program.point, steps, strict=True)]
        net = localise(program.at(point)).net
        if _linear(net):
            yield net.scaled(net.gradient_rows([0] * len(net.kinks))), None
        else:
            yield "a kink at the sampled point"


def ball_point(stream: Stream, dimension: int) -> tuple[tuple[int, ...], int]:
    """Integers n and a positive q with n / q in the closed unit ball, drawn as ``gradient_sampling`` says."""
    if dimension <= _REJECTION_DIMENSIONS:
        while True:
            steps = tuple(stream.integer(-_GRID, _GRID) for _ in range(dimension))
            if sum(step * step for step in steps) <= _GRID * _GRID:
                return steps, _GRID
    words = struct.unpack(f"<{4 * dimension}I", stream.words(2 * dimension))
    direction = [sum(words[index : index + 4]) - _MEAN for index in range(0, 4 * dimension, 4)]
    length = max(struct.unpack(f"<{dimension}Q", stream.words(dimension)))
    norm = math.isqrt(sum(entry * entry for entry in direction)) + 1  # above the true one
    return tuple(entry * length for entry in direction), norm << 64


def _linear(net: LocalNet) -> bool:
    """Whether no kink is left in ``net`` but such as have a zero row."""
    return first_moving_tie(net, [None] * len(net.kinks)) is None


def _room(inputs: int, outputs: int, most_members: int) -> int:
    """How many Jacobians may be kept: as many as asked for, within a bound on memory."""
    return min(most_members, max(2, _MOST_ENTRIES // (inputs * outputs)))
