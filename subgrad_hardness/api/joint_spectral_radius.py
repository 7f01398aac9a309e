"""``joint_spectral_radius``: do the products of an iteration's Jacobians stay bounded?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, answer_within
from subgrad_hardness.api.iterating import IterationJob, answer_iteration, fixed_state
from subgrad_hardness.api.options import require_choice, require_count
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_first, show_matrix, show_number, show_vector
from subgrad_hardness.api.truth import NoTruthValue
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import SENSES, pairs
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.spectral_radius.bracket import Bracket, bracket
from subgrad_hardness.iterative.verifying.spectral_format import SpectralCertificate, Weighted
from subgrad_hardness.iterative.verifying.spectral_radius import proved_verdict
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.json_text import Reader
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import NumberLike, exact, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job

#: Longer words are not looked for.
MOST_LETTERS = 40
#: Matrices, as rows of numbers.
Matrices = Sequence[Sequence[Sequence[NumberLike]]]


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SpectralRadiusResult(Readable, NoTruthValue):
    """A bracket of a joint spectral radius.

    Attributes
    ----------
    verdict : ``bounded`` (products of every length lie in one bounded set), ``unbounded``, or ``unknown``.
    lower, upper : rational bounds, both proved; None: not known.
    word : the numbers of the matrices, in the order of the product, whose product shows the lower bound.
    norm : the kind of norm that shows the upper one: ``maximum``, ``sum``, ``quadratic`` or ``polytope``.
    matrices : what products are made of.
    theta, fixed_point, jacobian : where, and in which sense, an iteration has these; None for matrices given as such.
    certificate : both bounds, for ``verify_spectral_radius``.
    why : why the verdict is ``unknown``.
    """

    verdict: str
    lower: Fraction | None
    upper: Fraction | None
    word: tuple[int, ...] | None
    norm: str | None
    matrices: tuple[Matrix, ...]
    theta: tuple[Fraction, ...] | None = None
    fixed_point: tuple[Fraction, ...] | None = None
    jacobian: str | None = None
    certificate: SpectralCertificate | None = None
    why: str | None = None
    seconds: float = 0.0

    @property
    def contracts(self) -> bool:
        """Whether all long products are proved to be small: then derivatives converge to the set J_pb."""
        return self.upper is not None and self.upper < 1

    def __repr__(self) -> str:
        lower, upper = (None if bound is None else show_number(bound) for bound in (self.lower, self.upper))
        matrices = count(len(self.matrices), "matrix", "matrices")
        return f"<SpectralRadiusResult: {self.verdict}, in [{lower or '?'}, {upper or '?'}], {matrices}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        heads = {
            "bounded": "BOUNDED: products of Jacobians of every length stay bounded",
            "unbounded": "UNBOUNDED: products of Jacobians grow without bound",
            "unknown": f"UNKNOWN: {self.why}",
        }
        lines = [heads[self.verdict]]
        if self.contracts:
            lines.append("  they tend to 0: the derivatives of the iterates have a limit set")
        if self.theta is not None and self.fixed_point is not None:
            lines.append(f"  theta = {show_vector(self.theta)}, fixed point {show_vector(self.fixed_point)}")
        lines.append(f"  {count(len(self.matrices), 'matrix', 'matrices')}:")
        shown = [f"{number}: {show_matrix(matrix)}" for number, matrix in enumerate(self.matrices[:_MOST_SHOWN])]
        lines += show_first(shown, len(self.matrices), indent=4)
        if self.lower is not None and self.word is not None:
            word = " ".join(map(str, self.word))
            lines.append(f"  joint spectral radius at least {_both(self.lower)}: the product {word}")
        if self.upper is not None:
            lines.append(f"  joint spectral radius at most  {_both(self.upper)}: a norm ({self.norm})")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``jsr --json`` prints; every key is always there, null = not known."""
        return {
            "version": 1,
            "verdict": self.verdict,
            "lower": None if self.lower is None else format_rational(self.lower),
            "upper": None if self.upper is None else format_rational(self.upper),
            "word": None if self.word is None else list(self.word),
            "norm": self.norm,
            "contracts": self.contracts,
            "matrices": [[vector_json(row) for row in matrix] for matrix in self.matrices],
            "theta": None if self.theta is None else vector_json(self.theta),
            "fixed_point": None if self.fixed_point is None else vector_json(self.fixed_point),
            "jacobian": self.jacobian,
            "why": self.why,
            "seconds": round(self.seconds, 6),
        }


# So many matrices are shown to people; denominators below ``_PLAIN`` are read at a glance.
_MOST_SHOWN, _PLAIN = 6, 100


def _both(bound: Fraction) -> str:
    """The exact number, and one to compare at a glance."""
    short = show_number(bound)
    return short if bound.denominator < _PLAIN else f"{short}, about {float(bound):.6f}"


def joint_spectral_radius(
    iteration: IterationLike | Matrices,
    theta: Sequence[NumberLike] | None = None,
    *,
    fixed_point: Sequence[NumberLike] | None = None,
    jacobian: str = "clarke",
    length: int = 12,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> SpectralRadiusResult:
    """Bounds of the joint spectral radius of the Jacobians A of F in the state, at the fixed point; or of matrices.

    Parameters
    ----------
    iteration : Iteration, path, mapping, or list of square matrices
        As ``load_iteration`` takes it; a list is taken for matrices.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    fixed_point : sequence of p numbers, optional
        xbar, which is checked; without it it is found.
    jacobian : str
        ``lexicographic`` or ``clarke`` (the same matrices here: a hull has the joint spectral radius of its vertices),
        or ``autodiff``: each kink its own slope, 0 or 1.
    length : int
        Of the longest products that are looked at for the lower bound.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; a limit ends in what is known.

    Returns
    -------
    SpectralRadiusResult

    Raises
    ------
    NetError, PointError
        The iteration, theta or the fixed point cannot be read, or do not fit.
    ParameterError
        An option that makes no sense, or matrices that are not square and of one size.
    LimitReached
        A limit was hit before the matrices were known.

    Notes
    -----
    Below 1, the set-valued recursion of derivatives contracts and J_pb exists; above 1 it has unbounded members,
    however well the iterates converge.  The lower bound is the spectral radius of a product, compared exactly; the
    upper one a norm: weighted, quadratic, or of a polytope that is searched for so near to the lower bound that the two
    differ by a quarter of a percent if that succeeds.  To approximate a joint spectral radius is NP-hard, and whether
    all products are bounded is undecidable, so ``unknown`` is a possible answer, for example where it is 1.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.joint_spectral_radius([[[1, 1], [0, 1]], [[1, 0], [1, 1]]]).verdict
    'unbounded'
    >>> program = sh.Program.from_text("inputs x t; z = x - t; g = relu z; f = x - 1/2 g; outputs f")
    >>> sh.joint_spectral_radius(sh.Iteration(program, ["x"]), [0], fixed_point=[0])
    <SpectralRadiusResult: bounded, in [1, 1], 2 matrices>
    """
    length = require_count(length, "length", MOST_LETTERS)
    jacobian = require_choice(jacobian, "jacobian", SENSES)
    if hasattr(iteration, "tolist") or (isinstance(iteration, Sequence) and not isinstance(iteration, str)):
        if theta is not None or fixed_point is not None:
            raise ParameterError("matrices have none", place="theta" if theta is not None else "fixed point")
        of: Job[SpectralRadiusResult] = partial(_of_matrices, matrices=read_matrices(iteration), length=length)
        return answer_within(of, {}, time_limit, memory_limit)
    job: IterationJob[SpectralRadiusResult] = partial(
        joint_spectral_radius_within, fixed_point=fixed_point, jacobian=jacobian, length=length
    )
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def read_matrices(given: object) -> tuple[Matrix, ...]:
    """Square matrices of one size, exactly.  Raises ParameterError with the place."""
    reader = Reader("", ParameterError)
    matrices: list[Matrix] = []
    for k, rows in enumerate(reader.sequence(plain_value(given), "matrices", "a list of matrices")):
        place = f"matrices[{k}]"
        read = []
        for i, row in enumerate(reader.sequence(rows, place, "a list of rows")):
            entries = reader.sequence(row, f"{place}[{i}]", "a row of numbers")
            read.append(tuple([exact(reader.number(entry, f"{place}[{i}][{j}]")) for j, entry in enumerate(entries)]))
        size = len(matrices[0]) if matrices else len(read)
        if not size or [len(row) for row in read] != [size] * size:
            reader.fail(place, "not a square matrix of the size of the first one")
        matrices.append(tuple(read))
    if not matrices:
        reader.fail("matrices", "empty")
    return tuple(dict.fromkeys(matrices))


def joint_spectral_radius_within(
    iteration: Iteration,
    limits: Limits,
    channels: Channels[SpectralRadiusResult],
    *,
    fixed_point: Sequence[NumberLike] | None,
    jacobian: str,
    length: int,
) -> SpectralRadiusResult:
    """``joint_spectral_radius`` of an iteration in this process."""
    start = time.monotonic()
    state = fixed_state(iteration, fixed_point, limits)
    matrices = state_matrices(iteration, state, jacobian, limits)
    where = {"theta": iteration.theta, "fixed_point": state, "jacobian": jacobian}
    return _bracketed(matrices, length, limits, channels, where=where, start=start)


def state_matrices(
    iteration: Iteration, state: tuple[Fraction, ...], jacobian: str, limits: Limits
) -> tuple[Matrix, ...]:
    """The distinct Jacobians of F in the state, in one of the ``SENSES``.  Raises LimitReached, ParameterError."""
    return tuple(dict.fromkeys([pair.a for pair in pairs(iteration, state, jacobian, limits)]))


def _of_matrices(
    _: NetLike,
    limits: Limits,
    channels: Channels[SpectralRadiusResult],
    *,
    matrices: tuple[Matrix, ...],
    length: int,
) -> SpectralRadiusResult:
    return _bracketed(matrices, length, limits, channels, where={}, start=time.monotonic())


def _bracketed(
    matrices: tuple[Matrix, ...],
    length: int,
    limits: Limits,
    channels: Channels[SpectralRadiusResult],
    *,
    where: Mapping[str, Any],
    start: float,
) -> SpectralRadiusResult:
    def result(found: Bracket) -> SpectralRadiusResult:
        certificate = None
        verdict = "unknown"
        if found.lower is not None or found.upper is not None:
            certificate = found.certificate(matrices)
            verdict = proved_verdict(certificate)
        why = None
        if verdict == "unknown":
            why = "no word is proved to grow, and no norm is known in which all matrices are at most 1"
        norm = None if found.upper is None else found.upper.norm
        return SpectralRadiusResult(
            verdict=verdict,
            lower=None if found.lower is None else found.lower.bound,
            upper=None if found.upper is None else found.upper.bound,
            word=None if found.lower is None else found.lower.word,
            norm=norm.name if isinstance(norm, Weighted) else None if norm is None else type(norm).__name__.lower(),
            matrices=matrices,
            certificate=certificate,
            why=STOPPED if why is not None and not found.finished else why,
            seconds=time.monotonic() - start,
            **where,
        )

    channels.result(result(Bracket(None, None, finished=False)))

    def report(found: Bracket) -> None:
        channels.result(result(found))

    return result(bracket(matrices, length=length, limits=limits, report=report))
