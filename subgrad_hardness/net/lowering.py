"""The one rewriting of a program into affine rows and relus (SPEC 1), with provenance.

Kinks and the autodiff set depend on this rewriting, so it is fixed: every algorithm, and the
certificate verifier, starts from it.  Smooth operations stay in it (SPEC 6); ``net.tangent`` puts affine rows in their
place, which depend on the point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, cast

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.garbage import no_collections
from subgrad_hardness.net.forms import Form, Row
from subgrad_hardness.net.smooth_operations import piecewise_linear_operation

#: No value or gain of a program may be able to need more bits than this, numerator or denominator ...
MAX_GROWN_BITS = 2**20
#: ... and all values together no more than this.
MAX_GROWN_BITS_TOGETHER = 2**33


class Relu(NamedTuple):
    """relu of the node with index ``argument``."""

    argument: int


class SmoothNode(NamedTuple):
    """A smooth operation of ``net.smooth_operations`` on nodes; ``exponent`` is None but for a power."""

    operation: str
    arguments: tuple[int, ...]
    exponent: Fraction | None


class Rewritten(NamedTuple):
    """Affine rows, relus and smooth operations, numbered and told apart as in ``Lowered``.

    ``curved`` are the positions of the smooth ones in ``nodes``.
    """

    inputs: int
    nodes: tuple[Row | Relu | SmoothNode, ...]
    units: tuple[int, ...]
    outputs: tuple[int, ...]
    curved: tuple[int, ...]

    def with_rows(self, rows: Mapping[int, Row]) -> Lowered:
        """The program with rows in the place of its smooth nodes, given by their positions."""
        nodes: list[Row | Relu] = []
        for index, node in enumerate(self.nodes):
            nodes.append(rows[index] if isinstance(node, SmoothNode) else node)
        return Lowered(self.inputs, tuple(nodes), self.units, self.outputs)


class Lowered(NamedTuple):
    """Affine rows and relus in topological order.

    Node indices: 0..inputs-1 are the inputs, inputs + k is ``nodes[k]``; arguments have smaller
    indices.  ``units[k]`` is the user's unit (node number, or running number over the layers) that
    ``nodes[k]`` came from.
    """

    inputs: int
    nodes: tuple[Row | Relu, ...]
    units: tuple[int, ...]
    outputs: tuple[int, ...]


class Lowering:
    """The rewritten program as it grows.

    It is no ``net.building.GraphBuilder``: its nodes have no names but remember the user's unit, it knows affine rows
    and relus only, and it takes rows of 10^5 entries as they are.
    """

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.nodes: list[Row | Relu | SmoothNode] = []
        self.units: list[int] = []
        self.curved: list[int] = []
        self.unit = 0

    def add(self, node: Row | Relu | SmoothNode) -> int:
        self.nodes.append(node)
        self.units.append(self.unit)
        return self.inputs + len(self.nodes) - 1

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        return self.add(Row(handles, coefficients, constant, 1))

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        return self.add(Row.of(handles, coefficients))

    def relu(self, argument: int) -> int:
        return self.add(Relu(argument))

    def smooth(self, operation: str, arguments: Sequence[int], exponent: Fraction | None) -> int:
        self.curved.append(len(self.nodes))
        return self.add(SmoothNode(operation, tuple(arguments), exponent))


def rewrite(form: Form, inputs: int) -> Rewritten:
    """Rewrite a program of ``inputs`` inputs; linear in its size.

    Raises NetError for an operation that is never decided, naming the unit.
    """
    build = Lowering(inputs)
    with no_collections():
        outputs = form.lower(build)
    return Rewritten(inputs, tuple(build.nodes), tuple(build.units), tuple(outputs), tuple(build.curved))


def lower(rewritten: Rewritten, form: Form) -> Lowered:
    """The rewriting of a piecewise-linear program; linear in its size.

    Raises NetError for one with smooth operations, and where its numbers could grow beyond ``MAX_GROWN_BITS``, naming
    the unit.
    """
    if rewritten.curved:
        node, unit = rewritten.nodes[rewritten.curved[0]], rewritten.units[rewritten.curved[0]]
        assert isinstance(node, SmoothNode)
        piecewise_linear_operation(node.operation, form.unit_name(unit))
    lowered = Lowered(rewritten.inputs, cast("tuple[Row | Relu, ...]", rewritten.nodes), *rewritten[2:4])
    refuse_growth(lowered, form)
    return lowered


def refuse_growth(lowered: Lowered, form: Form) -> None:
    """Bound what values and gains can need, path by path: a row adds the bits of its longest number.

    Without this a chain of n layers of the one weight "1e99999", 60 n bytes of text, would ask for numbers of
    100,000 n digits.  The bound is generous (it counts numerators and denominators together, and no cancellation).
    """
    added = [0 if isinstance(node, Relu) else _added_bits(node) for node in lowered.nodes]
    longest = sum(added)  # as if all rows stood behind one another
    if longest <= MAX_GROWN_BITS and longest * len(added) <= MAX_GROWN_BITS_TOGETHER:
        return
    sizes, total = [0] * lowered.inputs, 0
    for node, more, unit in zip(lowered.nodes, added, lowered.units, strict=True):
        if isinstance(node, Relu):
            sizes.append(sizes[node.argument])
            continue
        size = more + max([sizes[argument] for argument in node.arguments], default=0)
        sizes.append(size)
        total += size
        if size > MAX_GROWN_BITS or total > MAX_GROWN_BITS_TOGETHER:
            one = size > MAX_GROWN_BITS
            whose, most = ("one value", MAX_GROWN_BITS) if one else ("the values up to here", MAX_GROWN_BITS_TOGETHER)
            why = f"the numbers grow too long: {whose} could need more than {most} bits"
            raise NetError(why, file="<net>", place=form.unit_name(unit))


def _added_bits(row: Row) -> int:
    """How many bits a row's value can need beyond those of its arguments' values."""
    coefficients = row.coefficients
    bits = row.bias.bit_length()
    if coefficients:
        bits = max(bits, max(coefficients).bit_length(), min(coefficients).bit_length())
    return bits + row.denominator.bit_length() + len(coefficients).bit_length()
