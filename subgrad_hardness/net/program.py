"""The exact piecewise-linear program F: R^p -> R^m with a point x0.

A program keeps the form in which its author wrote it (layers or a graph), because names, files and
digests speak of that form; ``Program.lowered`` is the one rewriting into affine rows and relus that
every algorithm works on.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.canonical import digest
from subgrad_hardness.net.lowering import Lowered, Rewritten, lower, rewrite
from subgrad_hardness.net.net_object import Fields, read_net
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.smooth_operations import known_operation
from subgrad_hardness.net.tangent import tangent
from subgrad_hardness.net.vectors import exact_vector


class Program(Fields):
    """An exact program, the point at which it is asked about, and what travels with it.

    Immutable; ``_replace(name=...)`` and the like give changed copies.  ``from_layers`` and ``from_text`` make one,
    ``load`` reads one, ``net.building.GraphBuilder`` builds one in code.

    Attributes
    ----------
    inputs : the p input names.
    form : ``LayeredForm`` or ``GraphForm``; it answers the questions of ``net.forms.Form``.
    point : x0, p rationals.
    name, provenance : carried along, never part of an answer or of the digest.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.Program.from_text("name fold; inputs x y; f = max x y; outputs f")
    <Program fold: graph, 2 inputs, 1 output>
    """

    def __hash__(self) -> int:  # provenance is a mapping, which has no hash
        return hash((self.inputs, self.form, self.point, self.name))

    def __repr__(self) -> str:
        name = f" {self.name}" if self.name else ""
        sizes = f"{count(self.input_count, 'input')}, {count(self.output_count, 'output')}"
        return f"<Program{name}: {self.form.kind}, {sizes}>"

    def _repr_html_(self) -> str:
        from subgrad_hardness.net.html_view import net_html

        return net_html(self, repr(self))

    @property
    def input_count(self) -> int:
        """p."""
        return len(self.inputs)

    @property
    def output_count(self) -> int:
        """m."""
        return self.form.output_count

    @cached_property
    def lowered(self) -> Lowered:
        """A piecewise-linear program as affine rows and relus (SPEC 1), in topological order.

        Raises
        ------
        NetError
            Where it has a smooth operation, or its numbers could grow beyond ``net.lowering.MAX_GROWN_BITS``, naming
            the unit.
        """
        return lower(self.rewritten, self.form)

    @cached_property
    def rewritten(self) -> Rewritten:
        """The program as affine rows, relus and smooth operations.

        Raises
        ------
        NetError
            For an operation that is never decided, naming the unit.
        """
        return rewrite(self.form, self.input_count)

    @property
    def piecewise_linear(self) -> bool:
        """Whether there are no smooth operations.  Raises NetError as ``rewritten`` does."""
        return self.form.tensors is not None or not self.rewritten.curved

    @cached_property
    def tangent(self) -> Lowered:
        """The affine rows and relus that have the program's values and its F'(x0; .) at its point: ``lowered``, with
        the tangents of smooth operations in their places.

        Raises
        ------
        NetError
            As ``lowered`` and ``rewritten`` do, and for a division by zero, naming the unit.
        """
        return self.lowered if self.piecewise_linear else tangent(self.rewritten, self.form, self.point)

    def at(self, point: Sequence[NumberLike]) -> Program:
        """The same program at another point.

        Parameters
        ----------
        point : p numbers; floats are taken exactly, strings hold rationals.

        Raises
        ------
        PointError
            For a wrong length or an entry that is no number.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> sh.Program.from_text("inputs x; f = abs x; outputs f").at(["1/3"]).point
        (Fraction(1, 3),)
        """
        moved = self._replace(point=exact_vector(point, self.input_count, "point"))
        for known in ("lowered", "rewritten"):  # these do not depend on the point
            if known in self.__dict__:
                moved.__dict__[known] = self.__dict__[known]
        return moved

    def unit_name(self, unit: int) -> str:
        """The user's name of unit number ``unit``: a node id, or ``layers[1][3]``."""
        return self.form.unit_name(unit)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form of program and point (SPEC 2), in hex; of the program that it stands for."""
        return self.own_digest

    @cached_property
    def own_digest(self) -> str:
        """The digest of this very program, also where it stands for another one."""
        return digest(self.inputs, self.form, self.point)

    def standing_for(self, other: Program) -> Program:
        """This program as what answers for ``other`` near its point: whatever is said of it bears the digest of that.

        Only for a program that equals ``other`` near the point, and follows from it (``local.near``).
        """
        standing = self._replace()
        standing.__dict__.update({**self.__dict__, "digest": other.digest})
        return standing

    @classmethod
    def from_text(cls, text: str, point: Sequence[NumberLike] | None = None) -> Program:
        """A graph from the text language of docs/net-format.md.

        Parameters
        ----------
        text : statements, one a line or with semicolons between them: ``inputs``, ``outputs``, ``point``, ``name``,
            ``provenance``, and nodes, ``f = max a b`` or ``g = 2 x - 1/3 y + 1``.
        point : replaces the point of the text; the origin where neither has one.

        Raises
        ------
        NetError
            With line and column, for a text that is no net.
        PointError
            For a point that does not fit.

        Notes
        -----
        Linear in the length of the text.  ``to_text`` is the way back.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> median = sh.Program.from_text('''
        ... inputs x y z
        ... low = min x y; high = max x y; inner = min high z
        ... f = max low inner         # the median of three
        ... outputs f
        ... ''')
        >>> sh.check(median).verdict
        'distinct'
        >>> sh.Program.from_text("inputs x; f = 2 y; outputs f")
        Traceback (most recent call last):
        subgrad_hardness.common.errors.NetError: <text>: line 1 column 17: unknown argument "y"
        """
        from subgrad_hardness.net.text_format import read_text

        program = cls(*read_text(text, "<text>"))
        return program if point is None else program.at(point)

    def to_text(self) -> str:
        """The program in the text language, as ``from_text`` reads it; layers as their graph (``to_graph``).

        Notes
        -----
        The same text for equal programs; nothing is lost but the form of layers, which ``to_layers`` finds again.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> print(sh.Program.from_layers([[[1, -1]], [["1/2"]]], activations="abs").to_text(), end="")
        inputs 2
        layers[0][0].pre = x0 - x1
        layers[0][0] = abs layers[0][0].pre
        layers[1][0] = 1/2 layers[0][0]
        outputs layers[1][0]
        """
        from subgrad_hardness.net.text_format import write_text

        return write_text(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the net file (JSON), whole or not at all; ``load`` gives the equal program back.

        Raises OutputError, naming the file.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> sh.Program.from_text("inputs x; f = relu x; outputs f").save("-")  # standard output; else a file's name
        {
         "version": 1,
         "inputs": ["x"],
         "nodes": [
          {"id": "f", "op": "relu", "args": ["x"]}
         ],
         "outputs": ["f"]
        }
        """
        from subgrad_hardness.common.files import write_text as write_file
        from subgrad_hardness.net.writing import dumps

        write_file(path, dumps(self))

    @classmethod
    def from_layers(
        cls,
        weights: Collection[Any],
        biases: Sequence[Any] | None = None,
        activations: str | Sequence[str] = "relu",
        *,
        last_activation: str = "identity",
        slope: NumberLike | None = None,
        point: Sequence[NumberLike] | None = None,
        name: str | None = None,
    ) -> Program:
        """A layered program from numpy arrays or nested lists.

        Parameters
        ----------
        weights : one (rows, columns) matrix a layer; floats are taken as the exact rationals they are.
        biases : one vector (or None for zeros) a layer; all zeros by default.
        activations : one name for all hidden layers, or one name a layer (then the last counts too).
        last_activation : that of the last layer, where ``activations`` is one name.
        slope : the slope of every layer whose activation has one (leaky_relu).
        point : x0, the origin by default.
        name : for people.

        Raises
        ------
        NetError
            With the place, for anything that a net file could not hold.

        Notes
        -----
        Linear in the number of entries.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> net = sh.Program.from_layers([[[1], [-1]], [[1, -1]]], name="relu(x) - relu(-x)")
        >>> net
        <Program relu(x) - relu(-x): layers, 1 input, 1 output>
        >>> sh.check(net).verdict
        'unique'
        """
        depth = len(weights)
        names = [activations] * (depth - 1) + [last_activation] if isinstance(activations, str) else activations
        for what, given in (("activations", names), ("biases", biases)):
            if given is not None and depth and len(given) != depth:
                found = count(len(given), "entry", "entries")
                raise NetError(f"{found}, expected {depth}, one a layer", file="<net>", place=what)
        layers = []
        for index, weight in enumerate(weights):
            layer = {"weight": plain_value(weight), "activation": names[index]}
            if biases is not None and biases[index] is not None:
                layer["bias"] = biases[index]
            operation = known_operation(names[index])
            if operation is not None and operation.slope and slope is not None:
                layer["slope"] = slope
            layers.append(layer)
        first = layers[0]["weight"] if layers else None
        columns = len(first[0]) if isinstance(first, list) and first and isinstance(first[0], list) else 0
        net: dict[str, Any] = {"inputs": max(columns, 1), "layers": layers}  # without columns the weight is at fault
        if point is not None:
            net["point"] = point
        if name is not None:
            net["name"] = name
        return cls(*read_net(plain_value(net), "<net>"))
