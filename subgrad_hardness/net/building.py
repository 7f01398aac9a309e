"""The one way to write a graph in code: node by node, each call giving back what later calls read.

Families, reductions, importers, obfuscations and the text language all build with it; ``net.lowering.Lowering``, which
rewrites a finished program into affine rows and relus, is another thing (it says why).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.json_text import Reader, show
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.operations import node_operations
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number, exact
from subgrad_hardness.net.smooth_operations import known_operation

#: What a node may read: the handle that a call gave, or the name of an input or of a node made before.
Handle = int | str


class GraphBuilder:
    """A graph under construction.

    Parameters
    ----------
    inputs : the names of the inputs, which have the handles 0, 1, ...; or their number, for x0, x1, ...
    prefix : nodes without a name of their own are called prefix1, prefix2, ... by their place among all nodes;
        underscores stand before it where an input's name begins so.

    Raises
    ------
    NetError
        (All methods.) For an unknown operation or argument, a wrong number of arguments, a slope too much or too
        little, a name that is empty or taken, and more than ``MAX_UNITS`` nodes; the place is the node's name.

    Notes
    -----
    Arguments come before what reads them, so that no cycle can be built.  Each call takes time in its arguments only.

    Examples
    --------
    >>> from subgrad_hardness.net.building import GraphBuilder
    >>> build = GraphBuilder(["x", "y"])
    >>> low, high = build.apply("min", ["x", "y"]), build.apply("max", ["x", "y"])
    >>> total = build.affine([(low, 1), (high, 1), ("x", -1)], name="f")
    >>> print(build.program([total]).to_text())
    inputs x y
    n1 = min x y
    n2 = max x y
    f = n1 + n2 - x
    outputs f
    <BLANKLINE>
    """

    def __init__(self, inputs: Sequence[str] | int, prefix: str = "n") -> None:
        if isinstance(inputs, int):
            inputs = [f"x{index}" for index in range(inputs)]
        self.inputs = tuple(inputs)
        self.nodes: list[Node] = []
        self._reader = Reader("<net>", NetError)
        self._handles: dict[str, int] = {}
        for name in self.inputs:
            self._name(name, len(self._handles))
        while any(name.startswith(prefix) for name in self.inputs):
            prefix = "_" + prefix
        self._prefix = prefix

    def __getitem__(self, name: str) -> int:
        """The handle of an input or a node.  Raises NetError for a name that is none's."""
        handle = self._handles.get(name)
        if handle is None:
            raise NetError(f"unknown argument {show(name)}", file="<net>", place=self._next_name)
        return handle

    def __contains__(self, name: str) -> bool:
        """Whether an input or a node has this name."""
        return name in self._handles

    def affine(self, terms: Sequence[tuple[Handle, Number]], bias: Number = 0, *, name: str | None = None) -> int:
        """The node sum of coefficient * argument + bias, the terms kept as they are given; its handle."""
        arguments = self._resolved([argument for argument, _ in terms])
        row = Row.of(arguments, [coefficient for _, coefficient in terms], bias)
        return self.add(Node(self._next_name if name is None else name, "affine", arguments, row))

    def sum(self, terms: Iterable[tuple[Handle, int | Fraction]], bias: Number = 0, *, name: str | None = None) -> int:
        """``affine`` over collected terms: those of one argument are added up, and zeros left out."""
        total: dict[int, int | Fraction] = {}
        for argument, coefficient in terms:
            handle = self[argument] if isinstance(argument, str) else argument
            total[handle] = total.get(handle, 0) + coefficient
        return self.affine([term for term in total.items() if term[1]], bias, name=name)

    def apply(
        self, operation: str, arguments: Sequence[Handle], slope: Number | None = None, *, name: str | None = None
    ) -> int:
        """The node operation(arguments); its handle."""
        chosen = self._next_name if name is None else name
        known = known_operation(operation)
        if known is None or not known.in_graphs:
            refused: str | None = f"unknown op {show(operation)}; known: affine, {', '.join(node_operations())}"
        elif (why := known.parameter_refused(slope)) is not None:
            refused = f"{operation} {why}"
        else:
            refused = known.arguments_refused(len(arguments))
        if refused is not None:
            raise NetError(refused, file="<net>", place=chosen)
        return self.add(
            Node(chosen, operation, self._resolved(arguments), None, None if slope is None else exact(slope))
        )

    def copy(self, node: Node, arguments: Sequence[int]) -> int:
        """The operation of another graph's node, applied to these arguments; its handle."""
        row = None if node.row is None else node.row._replace(arguments=tuple(arguments))
        return self.add(Node(self._next_name, node.operation, tuple(arguments), row, node.slope))

    def add(self, node: Node) -> int:
        """A finished node, taken as it is but for its name; its handle."""
        if len(self.nodes) >= MAX_UNITS:
            raise NetError(f"more than {MAX_UNITS} nodes", file="<net>", place=node.id)
        handle = len(self.inputs) + len(self.nodes)
        self._name(node.id, handle)
        self.nodes.append(node)
        return handle

    def form(self, outputs: Sequence[Handle]) -> GraphForm:
        """What has been built, with these outputs.  Raises NetError where there are no nodes or no outputs."""
        for what, items in (("nodes", self.nodes), ("outputs", outputs)):
            if not items:
                raise NetError(f"empty; a net has at least one {what[:-1]}", file="<net>", place=what)
        return GraphForm(tuple(self.nodes), self._resolved(outputs))

    def program(
        self,
        outputs: Sequence[Handle],
        point: Sequence[Number] | None = None,
        *,
        name: str | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> Program:
        """What has been built as a program, at the origin by default.  Raises NetError, and PointError."""
        origin = (Fraction(0),) * len(self.inputs)
        if provenance is not None:
            provenance = self._reader.anything(plain_value(provenance), "provenance")
        program = Program(self.inputs, self.form(outputs), origin, name, provenance)
        return program if point is None else program.at(point)

    @property
    def _next_name(self) -> str:
        return f"{self._prefix}{len(self.nodes) + 1}"

    def _name(self, name: str, handle: int) -> None:
        self._reader.text(name, "name", "a name")
        if not name or name in self._handles:
            raise NetError(f"{show(name)} is taken already" if name else "empty", file="<net>", place=name or "name")
        self._handles[name] = handle

    def _resolved(self, arguments: Sequence[Handle]) -> tuple[int, ...]:
        resolved = tuple([self[argument] if isinstance(argument, str) else argument for argument in arguments])
        if resolved and not 0 <= min(resolved) <= max(resolved) < len(self.inputs) + len(self.nodes):
            raise NetError("reads a handle that no call has given", file="<net>", place=self._next_name)
        return resolved
