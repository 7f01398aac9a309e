"""Programs that are made of a program, so that statements about it become goals of theirs (SPEC 7).

Each is a graph of affine rows and relus at the origin, where (but for ``difference``) all its relus are kinks; what
certificates say about it is said about the one that a verifier makes for himself.  Relus are numbered as those of the
program are: the ones that stay, in the order of their numbers there, first all of the first copy, then all of the
second, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from subgrad_hardness.certificate.definitions import numbered_relus
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.lowering import Lowered, Relu
from subgrad_hardness.net.program import Program

Vector = Sequence[Fraction]
Constants = Literal["kept", "dropped"] | int


def directional(program: Program) -> Program:
    """F'(x0; d): p inputs, m outputs."""
    build = _Builder([f"d{index}" for index in range(program.input_count)])
    return build.program(build.derivative(program, Localised(program), range(program.input_count)))


def shifted(program: Program, direction: Vector) -> Program:
    """(y, t) -> F'(x0; y + t u) - F'(x0; y) for the direction u: p + 1 inputs, m outputs.

    The largest value of J u over the Clarke subgradients J of one output is the least c with F'(y + t u) - F'(y) <= c t
    for all y and all t >= 0.
    """
    size = program.input_count
    build = _Builder([*(f"y{index}" for index in range(size)), "t"])
    moved = [build.row({index: Fraction(1), size: direction[index]}) for index in range(size)]
    localised = Localised(program)
    ahead = build.derivative(program, localised, moved)
    behind = build.derivative(program, localised, range(size))
    return build.program(build.combined([ahead, behind], [1, -1]))


def subadditive(program: Program) -> Program:
    """(y, u) -> F'(x0; y + u) - F'(x0; y) - F'(x0; u): 2 p inputs, m outputs; nowhere positive iff F' is convex."""
    size = program.input_count
    build = _Builder([*(f"y{index}" for index in range(size)), *(f"u{index}" for index in range(size))])
    total = [build.row({index: Fraction(1), size + index: Fraction(1)}) for index in range(size)]
    localised = Localised(program)
    copies = [build.derivative(program, localised, read) for read in (total, range(size), range(size, 2 * size))]
    return build.program(build.combined(copies, [1, -1, -1]))


def homogenised(program: Program) -> Program:
    """(x, t) -> t F(x / t) for t > 0: p + 1 inputs, m outputs.  All relus stay, and all constants are times t."""
    size = program.input_count
    build = _Builder([*(f"x{index}" for index in range(size)), "t"])
    ranks = {node: number for number, node in enumerate(numbered_relus(program))}
    return build.program(build.copy(program.lowered, range(size), ranks, {}, size))


def difference(first: Program, second: Program) -> Program:
    """F - G, of the same numbers of inputs and outputs, at the first one's point."""
    size = first.input_count
    build = _Builder([f"x{index}" for index in range(size)])
    copies = []
    for program in (first, second):
        ranks = {node: number for number, node in enumerate(numbered_relus(program))}
        copies.append(build.copy(program.lowered, range(size), ranks, {}, "kept"))
    return build.program(build.combined(copies, [1, -1]))._replace(point=first.point)


class _Builder:
    """Nodes of a graph; relus have the ids by which they are numbered."""

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = tuple(inputs)
        self.nodes: list[Node] = []
        self.copies = 0

    def row(self, terms: Mapping[int, Fraction], bias: Fraction = Fraction(0)) -> int:
        """An affine node."""
        terms = {argument: coefficient for argument, coefficient in terms.items() if coefficient}
        return self._affine(Row.of(tuple(terms), tuple(terms.values()), bias))

    def combined(self, copies: Sequence[Sequence[int]], factors: Sequence[int]) -> list[int]:
        """Of each output the sum of its copies times the factors."""
        rows = []
        for handles in zip(*copies, strict=True):
            terms: dict[int, Fraction] = {}
            for handle, factor in zip(handles, factors, strict=True):
                terms[handle] = terms.get(handle, Fraction(0)) + factor
            rows.append(self.row(terms))
        return rows

    def derivative(self, program: Program, localised: Localised, read: Sequence[int]) -> list[int]:
        """F'(x0; .) at what the nodes ``read`` hold: kinks stay, the other relus pass or are zero."""
        kinks = [node for node in numbered_relus(program) if node in localised.kinks]
        ranks = {node: rank for rank, node in enumerate(kinks)}
        return self.copy(program.tangent, read, ranks, localised.fixed, "dropped")

    def copy(
        self,
        lowered: Lowered,
        read: Sequence[int],
        ranks: Mapping[int, int],
        fixed: Mapping[int, bool],
        constants: Constants,
    ) -> list[int]:
        """The program's nodes, the inputs being ``read``; returns the handles of the outputs.

        Its constants are kept, dropped, or times the node of that number.  Relus without a rank pass or are zero as
        ``fixed`` has it, the others keep the order of their ranks.
        """
        handles = list(read)
        for index, node in enumerate(lowered.nodes, start=lowered.inputs):
            if isinstance(node, Relu):
                if index in ranks:
                    name = f"r{self.copies:02d}.{ranks[index]:08d}"
                    handles.append(self._add(Node(name, "relu", (handles[node.argument],))))
                else:
                    handles.append(handles[node.argument] if fixed[index] else self.row({}))
                continue
            arguments = tuple([handles[argument] for argument in node.arguments])
            coefficients, bias = node.coefficients, node.bias
            if isinstance(constants, int) and bias:
                arguments, coefficients = (*arguments, constants), (*coefficients, bias)
            if constants != "kept":
                bias = 0
            handles.append(self._affine(Row(arguments, coefficients, bias, node.denominator)))
        self.copies += 1
        return [handles[output] for output in lowered.outputs]

    def program(self, outputs: Sequence[int]) -> Program:
        """The graph as a program at the origin."""
        origin = (Fraction(0),) * len(self.inputs)
        return Program(self.inputs, GraphForm(tuple(self.nodes), tuple(outputs)), origin)

    def _affine(self, row: Row) -> int:
        return self._add(Node(f"s{len(self.nodes):08d}", "affine", row.arguments, row))

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.inputs) + len(self.nodes) - 1
