"""Stationarity of a piecewise-linear f at x0, in the senses of Frechet and of Clarke, and the question.

Frechet, to the question.  Let f have one output.  0 is a Frechet subgradient of f at x0 iff f'(x0; d) >= 0 for
all d (for locally Lipschitz, directionally differentiable f the limit inferior in its definition is the least
f'(x0; d) / |d|).  Statement: it is not iff G(x) = relu(f(x0) - f(x)) has two distinct subgradients at x0.
Proof.  G >= 0 = G(x0) and G'(x0; d) = relu(-f'(x0; d)).  If f'(x0; .) >= 0, then G'(x0; .) = 0, and 0 is the only
subgradient.  If f'(x0; d) < 0, then G'(x0; d) > 0, and a linear G'(x0; .) would be negative at -d.
So f is not Frechet stationary iff it has a direction of descent, and that is a witness on G, both ways.

Both, from the question.  Let F >= 0 be positively homogeneous (at x0 = 0), as the nets of this package
are; F = relu(p - q) with sums p, q of absolute values has the differences of convex functions
-F = q - max(p, q) and so on.
(a) -F is Frechet stationary at 0 iff F = 0.  So testing it is coNP-hard, with two hidden layers.
(b) ``clarke_instance``: f(x, z) = z - 2 min(relu(z), F(x)) has 0 in its Clarke subdifferential at 0 iff F != 0,
    iff f has two distinct subgradients.  So testing Clarke stationarity is NP-hard.
    Proof.  If F = 0, then f = z, whose only subgradient is not 0.  If F(d) > 0, then f = -z on the open set
    {0 < z < F(x)}, which is not empty and a cone, and f = z on {z < 0}, since F >= 0: so -e_z and e_z are in
    the lexicographic subdifferential (e_z the unit vector of z), and 0 is half their sum.

Not here: a reduction of Clarke stationarity of a given f to the question.  Membership of 0 in the convex hull of
the Jacobians of all cells is a sum over up to p + 1 cells at once, and no net for it is known to us that is
not first a formula.  Source: hardness of testing stationarity is the subject of Tian and So, arXiv 2501.03224; the
constructions and proofs here are the project's own and take nothing from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.source import DirectionInverse, NetReduction, SourceProblem


class StationarityError(InputError):
    """A program with several outputs."""


@dataclass(frozen=True, slots=True)
class FrechetStationarity(SourceProblem[Direction]):
    """Has the program, at its point, a direction of descent (and so 0 not among its Frechet subgradients)?

    Raises StationarityError unless it has one output.
    """

    program: Program

    def __post_init__(self) -> None:
        _require_one_output(self.program)

    def satisfied(self, direction: Direction, /) -> bool:
        """Whether f'(x0; d) < 0; one localisation.  Raises PointError for a wrong length."""
        return localise(self.program).net.derivative(direction)[0] < 0

    def source(self) -> dict[str, Any]:
        return {"problem": "Frechet stationarity", "digest": self.program.digest}


def _require_one_output(program: Program) -> None:
    if program.output_count != 1:
        raise StationarityError(f"{count(program.output_count, 'output')}, expected 1", place="outputs")


@dataclass(frozen=True)
class StationarityInverse(DirectionInverse[FrechetStationarity]):
    """Directions of descent are directions with G'(x0; d) > 0."""


@dataclass(frozen=True)
class StationarityReduction(NetReduction[FrechetStationarity, Direction]):
    """G = relu(f(x0) - f(x)): f as a graph, and two nodes more."""

    name: ClassVar[str] = "Frechet stationarity to net"
    takes: ClassVar[type] = FrechetStationarity

    def inverse(self, program: Program, problem: FrechetStationarity) -> StationarityInverse:
        return StationarityInverse(program, problem)

    def source(self, problem: FrechetStationarity) -> dict[str, Any]:
        return problem.source()

    def net(self, problem: FrechetStationarity) -> Program:
        program = problem.program
        build, output = _graph(program, program.inputs)
        descent, top = _fresh(build, "descent", "G")
        build.affine([(output, -1)], value(program)[0], name=descent)
        return build.program([build.apply("relu", [descent], name=top)], program.point)


def clarke_instance(program: Program) -> Program:
    """f(x, z) = z - 2 min(relu(z), F(x)) for the F of a net, at its point and z = 0; see the module's docstring.

    The equivalence needs F >= 0 near x0 and F(x0) = 0, as the nets of all nonnegative reductions have it; that
    is not tested.  Raises StationarityError for several outputs.
    """
    _require_one_output(program)
    taken, _ = _graph(program, program.inputs)
    z, positive, least, top = _fresh(taken, "z", "relu(z)", "least", "f")
    build, output = _graph(program, [*program.inputs, z])
    build.apply("relu", [z], name=positive)
    build.apply("min", [positive, output], name=least)
    return build.program([build.affine([(z, 1), (least, -2)], name=top)], [*program.point, 0])


def _graph(program: Program, inputs: Sequence[str]) -> tuple[GraphBuilder, int]:
    """The nodes of the program as a graph over these inputs, its own first, and the handle of its one output."""
    form, build, added = program.form.to_graph(program.inputs), GraphBuilder(inputs), len(inputs) - program.input_count

    def moved(reference: int) -> int:
        return reference if reference < program.input_count else reference + added

    for node in form.nodes:
        arguments = tuple(map(moved, node.arguments))
        build.add(
            node._replace(arguments=arguments, row=None if node.row is None else node.row._replace(arguments=arguments))
        )
    return build, moved(form.outputs[0])


def _fresh(build: GraphBuilder, *names: str) -> list[str]:
    """The names, with underscores before all where one of them is taken."""
    prefix = ""
    while any(prefix + name in build for name in names):
        prefix += "_"
    return [prefix + name for name in names]
