"""``contains``: is this vector a subgradient, in which of the three sets, and how far is it from each?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.answering import STOPPED, Certificates, answer_within
from subgrad_hardness.api.contains_result import ContainsResult, Distance
from subgrad_hardness.api.options import require_choice, require_flag, require_seed
from subgrad_hardness.certificate.statement import SETS, Statement
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import Job
from subgrad_hardness.proof.written import statement_made
from subgrad_hardness.subdifferentials import restricted, stating
from subgrad_hardness.subdifferentials.autodiff_set import AutodiffSet
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.lexicographic import listed
from subgrad_hardness.subdifferentials.placing import Placed, Placing
from subgrad_hardness.subdifferentials.sets import ConvexSet

MatrixLike = Sequence[NumberLike] | Sequence[Sequence[NumberLike]]

# Seconds for deciding and proving at once; else it is decided first, which may be twenty times quicker, then proved.
_AT_ONCE = 1.0

#: Which sets may be asked about; ``all`` for the three of them.
ASKED = (*SETS, "all")


def contains(
    net: NetLike,
    vector: MatrixLike,
    *,
    point: Sequence[NumberLike] | None = None,
    which: str = "all",
    near: bool = False,
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> ContainsResult:
    """Is a vector a subgradient of the net at its point: lexicographic, Clarke, or at least conservative?

    Parameters
    ----------
    net : path, mapping or Program
        A net file or model, its parsed JSON, or a Program.
    vector : sequence of numbers, or of m rows
        p numbers for one output, m rows of p for several (the matrices are members *together*, never row by row).
        Floats are taken exactly, so that a rounded gradient is seldom a member: ``near`` says how far it is from one.
    point : sequence of numbers, optional
        Replaces the net's own point.
    which : ``"lexicographic"``, ``"clarke"``, ``"autodiff"`` or ``"all"``
        The sets to decide.
    near : bool
        Find the exact distance to the convex sets too.
    certify : bool
        Make certificates (``certificates`` of the result), accepted by the verifier.
    seed : int
        Of the directions in which first members are looked for; verdicts do not depend on it.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; what is not known by then is None.

    Returns
    -------
    ContainsResult

    Raises
    ------
    NetError, PointError
        The net, the point or the vector cannot be read, or do not fit.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the net was read.

    Notes
    -----
    Column generation: the nearest point of the hull of known members (Wolfe, 1976), and a question to the engines, or a
    tree over kinks, in the direction that separates it from the vector.  Deciding it is NP-hard.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f")  # f(x) = x
    >>> sh.contains(net, [0])
    <ContainsResult: (0): lexicographic no, clarke no, autodiff yes>
    >>> found = sh.contains(net, [3], near=True)
    >>> found.clarke, found.distances["clarke"].squared, found.distances["autodiff"].nearest
    (False, Fraction(4, 1), ((Fraction(2, 1),),))
    >>> sh.verify(net, found.certificates["clarke"])
    VERIFIED outside
    """
    job: Job[ContainsResult] = partial(
        contains_within,
        vector=vector,
        point=point,
        which=require_choice(which, "which", ASKED),
        near=require_flag(near, "near"),
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_within(job, net, time_limit, memory_limit)


def matrix_like(vector: Any, program: Program) -> Matrix:
    """p numbers, or m rows of p, as an exact m x p matrix.  Raises PointError."""
    return exact_matrix(vector, program.output_count, program.input_count, "vector")


def exact_matrix(vector: Any, rows: int, width: int, what: str) -> Matrix:
    """``width`` numbers, or so many rows of them, as an exact matrix.  Raises PointError."""
    if hasattr(vector, "tolist"):
        vector = vector.tolist()
    if not isinstance(vector, Sequence) or isinstance(vector, str):
        raise PointError("not a vector, nor rows of one", place=what)
    nested = any(isinstance(row, Sequence) and not isinstance(row, str) for row in vector)
    if not nested and len(vector) == rows * width:
        vector = [vector[start : start + width] for start in range(0, rows * width, width)]
    elif not nested:
        expected = f"{width}" if rows == 1 else f"{rows} x {width}"
        raise PointError(f"{count(len(vector), 'entry', 'entries')}, expected {expected}", place=what)
    if len(vector) != rows:
        raise PointError(f"{count(len(vector), 'row')}, expected {rows}", place=what)
    return tuple([exact_vector(row, width, f"{what}[{number}]") for number, row in enumerate(vector)])


def contains_within(
    net: NetLike,
    limits: Limits,
    channels: Channels[ContainsResult],
    *,
    vector: MatrixLike,
    point: Sequence[NumberLike] | None,
    which: str,
    near: bool,
    certify: bool,
    seed: int,
) -> ContainsResult:
    """``contains`` in this process.  Each set reports what is known so far."""
    program = near_point(load(net, point), limits=limits)
    target = matrix_like(vector, program)
    wanted = SETS if which == "all" else (which,)
    asking = _Asking(program, target, wanted, limits, channels, near=near, certify=certify)
    channels.result(asking.result())
    clarke = ClarkeSet(program, seed)
    if wanted != ("autodiff",):
        clarke.begin(limits)
        asking.convex("clarke", clarke, asking.proposed(clarke))
        channels.result(asking.result())
    if "lexicographic" in wanted:
        asking.lexicographic(clarke)
        channels.result(asking.result())
    if "autodiff" in wanted:
        if asking.known.get("clarke"):
            asking.implied("autodiff", True)
        if near or not asking.known.get("clarke"):
            asking.convex("autodiff", AutodiffSet(program, seed))
    return asking.result()


class _Asking:
    """What is known of the three sets."""

    def __init__(
        self,
        program: Program,
        target: Matrix,
        wanted: Sequence[str],
        limits: Limits,
        channels: Channels[ContainsResult],
        *,
        near: bool,
        certify: bool,
    ) -> None:
        self.start = time.monotonic()
        self.program, self.target, self.wanted, self.near = program, target, wanted, near
        self.limits, self.channels = limits, channels
        self.known: dict[str, bool | None] = {}
        self.distances: dict[str, Distance] = {}
        self.certificates = Certificates(program, wanted=certify)
        self.why: dict[str, str] = {}

    def proposed(self, clarke: ClarkeSet) -> Matrix | None:
        """What a look in few coordinates brings: a functional that may separate, or members that are known now."""
        with suppress(LimitReached):
            return restricted.proposed(clarke, self.target, self.limits)
        return None

    def convex(self, name: str, convex: ConvexSet, proposed: Matrix | None = None) -> None:
        """Decide membership in a convex set, and with ``near`` the distance."""
        placing = Placing(convex, self.target)
        wanted = self.certificates.wanted
        placed = placing.place(
            self.limits.within(_AT_ONCE) if wanted else self.limits, argued=wanted, proposed=proposed
        )
        if wanted and placed.inside is None:
            placed = placing.place(self.limits, argued=False, proposed=proposed)
        self.known[name] = placed.inside
        self.why.pop(name, None)
        if placed.inside is None:
            self.why[name] = placed.why or "not decided"
        elif wanted:
            self.certificates.uncertified[name] = STOPPED  # should a limit end the work in the proof
            self.channels.result(self.result())
            proved, why = self._proved(convex, placed)
            del self.certificates.uncertified[name]
            self.certificates.add(name, self._statement(name, proved), why)
        if self.near and placed.inside is False:
            closest = placing.place(self.limits, closest=True, argued=False)
            if closest.squared_distance <= placed.squared_distance:
                placed = closest
            if not placed.closest:
                self.why.setdefault(name, f"the distance is an upper bound: {closest.why}")
        self.distances[name] = Distance(
            squared=placed.squared_distance,
            nearest=placed.nearest,
            exact=placed.closest,
            weights=tuple([weight for weight, _ in placed.combination]),
            elements=tuple([element.jacobian for _, element in placed.combination]),
        )

    def _proved(self, convex: ConvexSet, placed: Placed) -> tuple[Placed, str | None]:
        """With a proof that the target is outside, by what separated it; and why there is none."""
        separation = placed.separation
        if separation is None or separation.proof.argument is not None or separation.proof.tree is not None:
            return placed, placed.why
        found = convex.exceeds(separation.functional, separation.bound, self.limits)
        return placed._replace(separation=separation._replace(proof=found)), found.why

    def _statement(self, name: str, placed: Placed) -> Statement | None:
        if placed.inside:
            return stating.member(self.program, name, placed)
        assert placed.separation is not None
        return stating.outside(self.program, name, self.target, placed.separation)

    def lexicographic(self, clarke: ClarkeSet) -> None:
        """Decide membership in d_L, after that in d_C."""
        if self.known.get("clarke") is False:
            self.implied("lexicographic", False)
            return
        found = listed(clarke, self.target, self.limits)
        self.known["lexicographic"] = found.inside
        if found.inside is None:
            self.why["lexicographic"] = found.why or "not decided"
        statement = found.outside
        if found.member is not None:
            placed = Placed(True, True, self.target, Fraction(0), ((Fraction(1), found.member),))
            statement = stating.member(self.program, "lexicographic", placed)
            if self.known.get("clarke") is None:
                self.known["clarke"] = True
                self.why.pop("clarke", None)
                self.certificates.add("clarke", statement._replace(set="clarke"))
        if found.inside is not None:
            self.certificates.add("lexicographic", statement)

    def implied(self, name: str, inside: bool) -> None:
        """What d_L in d_C in conv D_a says; the certificate of d_C serves."""
        self.known[name] = inside
        if "clarke" in self.certificates.made:
            self.certificates.made[name] = self.certificates.made["clarke"]
        elif "clarke" in self.certificates.uncertified:
            self.certificates.uncertified[name] = self.certificates.uncertified["clarke"]

    def result(self) -> ContainsResult:
        """What is known so far; should a limit end the work here, it is why the rest is not."""
        unknown = [name for name in self.wanted if self.known.get(name) is None]
        why = {**dict.fromkeys(unknown, STOPPED), **self.why}
        return ContainsResult(
            digest=self.program.digest,
            statement=statement_made(self.program, "unknown"),
            point=self.program.point,
            vector=self.target,
            lexicographic=self.known.get("lexicographic"),
            clarke=self.known.get("clarke"),
            autodiff=self.known.get("autodiff"),
            distances=dict(self.distances),
            certificates=dict(self.certificates.made),
            uncertified={name: why[name] for name in unknown} | self.certificates.uncertified,
            why=why,
            asked=tuple(self.wanted),
            seconds=time.monotonic() - self.start,
        )
