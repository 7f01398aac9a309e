"""An iteration x <- F(x, theta): a program from a state and parameters to the new state.

After Bolte, Pauwels and Vaiter (arXiv 2206.00457), who ask what the derivatives of the iterates in theta tend to.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import NoReturn

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.html import block, exact_value, fold, table
from subgrad_hardness.common.words import count
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.html_view import net_html
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector

Vector = tuple[Fraction, ...]


class Iteration:
    """F: R^p x R^m -> R^p as a program, a theta and a start; immutable, and equal where all of these are.

    Parameters
    ----------
    program : path, mapping or Program
        F; its inputs are the state's entries and the parameters, its outputs the new values of the state.
    state : names of inputs
        The entries of x, in the order of the outputs.
    parameters : names of inputs, optional
        Those of theta, in the order wanted; by default all inputs that are not in the state, in their order.
    start, theta : sequences of numbers, optional
        x_0 (which does not depend on theta), p numbers, and theta, m numbers; by default the entries of the program's
        own point.

    Attributes
    ----------
    program, state, parameters, start, theta : as given; names as tuples, numbers as tuples of Fractions.

    Raises
    ------
    NetError
        For a name that is no input or stands twice, an input that is neither state nor parameter, and a number of
        outputs that is not the state's.
    PointError
        For a start or a theta of another length.

    Notes
    -----
    Linear in the number of inputs.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> program = sh.Program.from_text("inputs x t; r = relu t; f = -1/2 x + r; outputs f")
    >>> half = sh.Iteration(program, ["x"])
    >>> half, half.parameters
    (<Iteration: 1 state, 1 parameter>, ('t',))
    >>> half.at([3]).step([2])
    (Fraction(2, 1),)
    """

    __slots__ = ("parameters", "program", "start", "state", "theta")

    def __init__(
        self,
        program: NetLike,
        state: Sequence[str],
        parameters: Sequence[str] | None = None,
        *,
        start: Sequence[NumberLike] | None = None,
        theta: Sequence[NumberLike] | None = None,
    ) -> None:
        self.program = load(program)
        self.state = tuple(state)
        rest = tuple(name for name in self.program.inputs if name not in self.state)
        self.parameters = rest if parameters is None else tuple(parameters)
        _check_names(self.program, self.state, self.parameters)
        own = dict(zip(self.program.inputs, self.program.point, strict=True))
        self.start = self._vector(start, self.state, "start", own)
        self.theta = self._vector(theta, self.parameters, "theta", own)

    @staticmethod
    def _vector(
        given: Sequence[NumberLike] | None, names: tuple[str, ...], what: str, own: Mapping[str, Fraction]
    ) -> Vector:
        return tuple([own[name] for name in names]) if given is None else exact_vector(given, len(names), what)

    def __repr__(self) -> str:
        sizes = f"{count(len(self.state), 'state', 'states')}, {count(len(self.parameters), 'parameter')}"
        name = f" {self.program.name}" if self.program.name else ""
        return f"<Iteration{name}: {sizes}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Iteration) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[object, ...]:
        return self.program, self.state, self.parameters, self.start, self.theta

    def _repr_html_(self) -> str:
        rows = {"state": self.state, "parameters": self.parameters}
        shown = {what: escape(", ".join(names)) for what, names in rows.items()}
        shown |= {
            what: exact_value(entries, format_rational) or ""
            for what, entries in (("start", self.start), ("theta", self.theta))
        }
        return block(repr(self), table(shown), fold("the program", net_html(self.program, repr(self.program))))

    def at(self, theta: Sequence[NumberLike] | None = None, start: Sequence[NumberLike] | None = None) -> Iteration:
        """The same iteration at another theta, from another start.  Raises PointError."""
        return Iteration(
            self.program,
            self.state,
            self.parameters,
            start=self.start if start is None else start,
            theta=self.theta if theta is None else theta,
        )

    def dumps(self) -> str:
        """The JSON text of the iteration's file; ``load_iteration`` gives the equal iteration back.

        The same text for equal iterations, one matrix row or node a line; linear in the size.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> program = sh.Program.from_text("inputs x t; r = relu t; f = 1/2 x + r; outputs f")
        >>> print(sh.Iteration(program, ["x"], theta=["1/3"]).dumps(), end="")
        {
         "version": 2,
         "inputs": ["x", "t"],
         "nodes": [
          {"id": "r", "op": "relu", "args": ["t"]},
          {"id": "f", "op": "affine", "args": ["x", "r"], "coefficients": ["1/2", 1]}
         ],
         "outputs": ["f"],
         "iteration": {"state": ["x"], "parameters": ["t"], "start": [0], "theta": ["1/3"]}
        }
        """
        from subgrad_hardness.iterative.writing import text_of

        return text_of(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the iteration's file (``dumps``), whole or not at all; ``"-"`` is standard output.

        Raises OutputError, naming the file.
        """
        from subgrad_hardness.common.files import write_text

        write_text(path, self.dumps())

    def columns(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Where the state's entries stand among the program's inputs, and where the parameters do."""
        place = {name: index for index, name in enumerate(self.program.inputs)}
        return tuple([place[name] for name in self.state]), tuple([place[name] for name in self.parameters])

    def program_at(self, state: Sequence[Fraction]) -> Program:
        """F at the point (state, theta)."""
        values = dict(zip(self.state, state, strict=True)) | dict(zip(self.parameters, self.theta, strict=True))
        return self.program.at([values[name] for name in self.program.inputs])

    def localised(self, state: Sequence[Fraction]) -> Localisation:
        """F seen from (state, theta): ``value`` is the next state, ``net`` is F'((state, theta); .)."""
        return localise(self.program_at(state))

    def step(self, state: Sequence[Fraction]) -> Vector:
        """F(state, theta), exactly; linear in the nonzeros of F."""
        return value(self.program_at(state))


def _check_names(net: Program, state: tuple[str, ...], parameters: tuple[str, ...]) -> None:
    def refuse(message: str, place: str) -> NoReturn:
        raise NetError(message, file="<iteration>", place=place)

    seen: set[str] = set()
    for what, names in (("state", state), ("parameters", parameters)):
        for index, name in enumerate(names):
            if name not in net.inputs:
                refuse(f"{name!r} is no input", f"{what}[{index}]")
            if name in seen:
                refuse(f"{name!r} stands twice", f"{what}[{index}]")
            seen.add(name)
    if not state:
        refuse("empty; an iteration has a state", "state")
    for name in net.inputs:
        if name not in seen:
            refuse(f"the input {name!r} is neither state nor parameter", "parameters")
    if net.output_count != len(state):
        found = f"{count(net.output_count, 'output')}, expected {len(state)}, the state's update"
        refuse(found, "outputs")
