"""What an algorithm is: one formula, read in Fractions or in doubles, and what is known of its steps and rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, FLOAT, Arithmetic, Array, vector
from subgrad_hardness.iterative.algorithms.linearised import Linearised, Step
from subgrad_hardness.iterative.algorithms.spectra import Rate, StepRange, spectral_radius
from subgrad_hardness.iterative.iteration import Iteration


@dataclass(frozen=True)
class Algorithm:
    """A named iteration x <- F(x, th), made by a call of ``sh.iterations``; immutable.

    Whatever takes an iteration takes an algorithm; nothing is computed before it is asked for, so that one of
    thousands of states costs nothing until it runs.

    Attributes
    ----------
    name : for people.
    state, parameters : names.
    start, theta : numbers: lists of Fractions, or arrays of doubles.
    form : the step, in an arithmetic.
    write : the program, for steps that are no ``Layer``; None where there is no program.
    inexact : why there is no step in exact arithmetic, "" where there is one.
    known_rate, known_local_rate : compute the rate from theta, and from (x, theta), in doubles.
    known_steps : computes the admissible steps from theta.
    """

    name: str
    state: tuple[str, ...]
    parameters: tuple[str, ...]
    start: Any
    theta: Any
    form: Callable[[Arithmetic], Step]
    write: Callable[[Algorithm], Iteration] | None = None
    inexact: str = ""
    known_rate: Callable[[Any], Rate | None] | None = None
    known_local_rate: Callable[[Array, Array], Rate] | None = None
    known_steps: Callable[[Any], StepRange] | None = None

    def __repr__(self) -> str:
        sizes = f"{count(len(self.state), 'state', 'states')}, {count(len(self.parameters), 'parameter')}"
        return f"<Algorithm {self.name}: {sizes}>"

    def _repr_html_(self) -> str:
        from subgrad_hardness.common.html import block, table, vector

        rows = {}
        for what, names, numbers in (("state", self.state, self.start), ("parameters", self.parameters, self.theta)):
            rows[what] = vector([escape(name) for name in names])
            rows["start" if what == "state" else "theta"] = vector([escape(str(number)) for number in numbers])
        return block(repr(self), table(rows))

    @cached_property
    def exact(self) -> Step:
        """The step in Fractions.  Raises ParameterError where its values are irrational."""
        if self.inexact:
            raise ParameterError(self.inexact, place=self.name)
        return self.form(EXACT)

    @cached_property
    def fast(self) -> Step:
        """The step in doubles."""
        return self.form(FLOAT)

    @cached_property
    def iteration(self) -> Iteration:
        """The program, with which everything is decided.  Raises ParameterError where there is none."""
        if self.write is not None:
            return self.write(self)
        from subgrad_hardness.iterative.algorithms.layer import Layer  # brings numpy along

        step = self.exact
        if not isinstance(step, Layer):
            raise ParameterError("is no program: it only runs", place=self.name)
        start, theta = EXACT.array(self.start), EXACT.array(self.theta)
        return step.iteration(self.state, self.parameters, start.tolist(), theta.tolist(), self.name)

    @cached_property
    def rate(self) -> Rate | None:
        """The factor by which errors shrink from everywhere; None where no bound is known."""
        return None if self.known_rate is None else self.known_rate(self.theta)

    @cached_property
    def step_range(self) -> StepRange | None:
        """The admissible steps; None where all are, or nothing is known."""
        return None if self.known_steps is None else self.known_steps(self.theta)

    def local_rate(self, state: Array, theta: Array | None = None) -> Rate:
        """The factor near a fixed point, in doubles: the algorithm's own bound, or the spectral radius of A there."""
        at = FLOAT.array(self.theta if theta is None else theta)
        where = FLOAT.array(state)
        if self.known_local_rate is not None:
            return self.known_local_rate(where, at)
        radius = spectral_radius(self.fast.step(where, at).a.forward, len(self.state))
        return Rate(Fraction(radius), False, "local", "spectral radius of A")

    def at(self, theta: Sequence[Any] | Array | None = None, start: Sequence[Any] | Array | None = None) -> Algorithm:
        """The same algorithm at another theta, from another start.  Raises ParameterError."""
        return replace(
            self,
            theta=self.theta if theta is None else vector(theta, "theta", len(self.parameters)),
            start=self.start if start is None else vector(start, "start", len(self.state)),
        )

    def step(self, state: Array, theta: Array | None = None, at_kink: float | Fraction = 0) -> Linearised:
        """One step in doubles: the next state and [A, B], every kink that is met with the slope ``at_kink``."""
        return self.fast.step(FLOAT.array(state), FLOAT.array(self.theta if theta is None else theta), at_kink)


def chosen(wanted: Sequence[str], known: dict[str, Any]) -> tuple[tuple[str, ...], Any, dict[str, range]]:
    """The parameters that were asked for: their names, values, and where each group stands among them.

    ``known`` has the value of every group: a number (the parameter's name is the group's) or a vector (c0, c1, ...).
    Raises ParameterError for a group that is unknown or stands twice.
    """
    import numpy as np

    names: list[str] = []
    values: list[Any] = []
    places: dict[str, range] = {}
    if isinstance(wanted, str):
        wanted = (wanted,)
    for index, group in enumerate(wanted):
        if group not in known or group in places:
            why = "stands twice" if group in places else f"unknown; known: {', '.join(known)}"
            raise ParameterError(f"{group!r} {why}", place=f"parameters[{index}]")
        value = known[group]
        single = isinstance(value, Fraction)
        own = [value] if single else list(value)
        places[group] = range(len(names), len(names) + len(own))
        names += [group] if single else [f"{group}{number}" for number in range(len(own))]
        values += own
    doubles = bool(values) and all(isinstance(value, float | np.floating) for value in values)
    return tuple(names), np.array(values, dtype=float) if doubles else values, places


def named(prefix: str, size: int) -> tuple[str, ...]:
    """x0, x1, ..."""
    return tuple([f"{prefix}{index}" for index in range(size)])


def started(start: Any, size: int) -> Any:
    """The start that was given, or zeros.  Raises ParameterError."""
    return [Fraction(0)] * size if start is None else vector(start, "start", size)
