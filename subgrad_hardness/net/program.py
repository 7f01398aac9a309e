"""The exact piecewise-linear program F: R^p -> R^m with a point x0.

A program keeps the form in which its author wrote it (layers or a graph), because names, files and
digests speak of that form; ``Program.lowered`` is the one rewriting into affine rows and relus that
every algorithm works on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.canonical import digest
from subgrad_hardness.net.forms import GraphForm, LayeredForm
from subgrad_hardness.net.lowering import Lowered, lower
from subgrad_hardness.net.net_object import Fields, read_net
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import Number, NumberLike
from subgrad_hardness.net.vectors import exact_vector


class Program(Fields):
    """An exact program, the point at which it is asked about, and what travels with it.

    Immutable; ``_replace(name=...)`` and the like give changed copies.

    Attributes
    ----------
    inputs : the p input names.
    form : ``LayeredForm`` or ``GraphForm``.
    point : x0, p rationals.
    name, provenance : carried along, never part of an answer or of the digest.
    """

    def __hash__(self) -> int:  # provenance is a mapping, which has no hash
        return hash((self.inputs, self.form, self.point, self.name))

    def __repr__(self) -> str:
        kind = "layers" if isinstance(self.form, LayeredForm) else "graph"
        name = f" {self.name}" if self.name else ""
        return f"<Program{name}: {kind}, {count(self.input_count, 'input')}, {count(self.output_count, 'output')}>"

    @property
    def input_count(self) -> int:
        """p."""
        return len(self.inputs)

    @property
    def output_count(self) -> int:
        """m."""
        if isinstance(self.form, LayeredForm):
            return len(self.form.layers[-1].rows)
        return len(self.form.outputs)

    @cached_property
    def lowered(self) -> Lowered:
        """The program as affine rows and relus (SPEC 1), in topological order."""
        return lower(self.form, self.input_count)

    def at(self, point: Sequence[NumberLike]) -> Program:
        """The same program at another point.  Raises PointError for a wrong length or a non-number."""
        moved = self._replace(point=exact_vector(point, self.input_count, "point"))
        if "lowered" in self.__dict__:  # the rewriting does not depend on the point
            moved.__dict__["lowered"] = self.lowered
        return moved

    def unit_name(self, unit: int) -> str:
        """The user's name of unit number ``unit``: a node id, or ``layers[1][3]``."""
        if isinstance(self.form, GraphForm):
            return self.form.nodes[unit].id
        for number, layer in enumerate(self.form.layers):
            if unit < len(layer.rows):
                return f"layers[{number}][{unit}]"
            unit -= len(layer.rows)
        raise IndexError(unit)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form of program and point (SPEC 2), in hex."""
        return digest(self.inputs, self.form, self.point)

    @classmethod
    def from_layers(
        cls,
        weights: Collection[Any],
        biases: Sequence[Any] | None = None,
        activations: str | Sequence[str] = "relu",
        *,
        last_activation: str = "identity",
        slope: Number | None = None,
        point: Sequence[NumberLike] | None = None,
        name: str | None = None,
    ) -> Program:
        """A layered program from numpy arrays or nested lists.

        Parameters
        ----------
        weights : one (rows, columns) matrix a layer; floats are taken as the exact rationals they are.
        biases : one vector (or None for zeros) a layer; all zeros by default.
        activations : one name for all hidden layers, or one name a layer (then the last counts too).
        slope : the slope of every leaky_relu.
        point : x0, the origin by default.

        Raises NetError, with the place, for anything that a net file could not hold.
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
            if layer["activation"] == "leaky_relu" and slope is not None:
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
