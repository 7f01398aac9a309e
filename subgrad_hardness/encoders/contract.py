"""The encoder contract: the question of a net as text for an outside solver, and its answer back.

An encoder is a reduction away from nets, in the words of ``reduction.contract``: ``apply`` writes the
question "is some component of F'(x0; d) - g d nonzero for some direction d" in another language, such
that the text is satisfiable iff the net has two distinct subgradients at x0; ``inverse`` reads what a
solver of that language answered and proposes directions.  Nothing that comes back is trusted: a
direction counts once it has been replayed exactly on the net (``answering``), and "unsatisfiable"
stays the solver's claim.  A new encoder is one file and one line in ``registry``.
"""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import ClassVar, NamedTuple

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.derivative.lexicographic import Direction, Element
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational, parse_rational
from subgrad_hardness.normal_form.flatten import FlatNet, flatten
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import normalise
from subgrad_hardness.question.goal_forms import form_of
from subgrad_hardness.question.pose import Posed, pose

#: Comments are wrapped: some readers of these formats know lines of limited length only.
_LINE = 110


class EncodingError(InputError):
    """A net that a format cannot hold exactly, or not at a size that is of use."""


class AnswerError(InputError):
    """A solver's answer that cannot be read."""


class Asked(NamedTuple):
    """A net's question, with everything that an encoder writes about it.

    ``posed`` has one element g of d_L F(x0), always the same one for a net; ``flat`` is F'(x0; .) with all sums
    multiplied out, before the output scales; ``goals`` the forms F'_k(d) - g_k d, over the
    inputs and kinks of ``flat``, of those outputs k where they are not identically zero.
    """

    posed: Posed
    flat: FlatNet
    goals: tuple[tuple[int, Form], ...]

    @property
    def program(self) -> Program:
        """The program that is asked about."""
        return self.posed.program

    @property
    def net(self) -> LocalNet:
        """F'(x0; .)."""
        return self.posed.local.net

    @property
    def subgradient(self) -> Element:
        """g."""
        return self.posed.subgradient

    def header(self, format_name: str, lines: Iterable[str]) -> str:
        """What every file says about itself, and then ``lines``; plain text, to be written as comments."""
        net, flat = self.net, self.flat
        text = [
            f"{format_name}: do two distinct Clarke subgradients of a ReLU network exist at a point?",
            f"net: sha256 {self.program.digest}",
            f"point: {' '.join(map(format_rational, self.program.point))}",
            f"inputs: {net.inputs}; kinks: {len(flat.kinks)}; outputs: {len(net.outputs)}",
            "Yes iff F'(x0; d) != g d for some direction d, with any one subgradient g.",
        ]
        for output, row in enumerate(net.scaled(self.subgradient.rows)):
            text.append(f"reference subgradient g, output {output}: {' '.join(map(format_rational, row))}")
        text.append("F'_k and g_k stand here after division by a positive number s_k that makes them integral:")
        text.append(f"s: {' '.join(map(format_rational, net.scales))}")
        return "\n".join([*text, *lines])


def span(name: str, count: int) -> str:
    """``d0..d3`` for the names d0, d1, d2, d3."""
    return f"{name}0..{name}{count - 1}" if count > 1 else f"{name}0"


def commented(text: str, mark: str) -> str:
    """``text`` as comment lines that start with ``mark``, wrapped; ends with a line break."""
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, _LINE, break_long_words=False) or [""]]
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in lines)


def ask(program: Program, *, normal_form: bool = False) -> Asked:
    """The question of ``program`` at its point; the same for equal programs.

    ``normal_form``: with equal, opposite and rescaled kinks merged first (``local.normal_form``).
    About linear in the nonzeros of the multiplied-out net.
    """
    posed = pose(program)
    flat = flatten(posed.local.net)
    if normal_form:
        normal = normalise(flat)
        flat = FlatNet(normal.inputs, normal.atoms, normal.outputs)
    goals = []
    for goal in posed.question.goals:
        form = form_of(goal, flat.outputs)
        if form and goal.sign > 0:
            ((output, _),) = goal.outputs
            goals.append((output, form))
    return Asked(posed, flat, tuple(goals))


class Claim(NamedTuple):
    """What an answer says: ``satisfiable`` (None: nothing), and directions to be replayed, best first."""

    satisfiable: bool | None
    directions: Iterable[Direction] = ()


class Encoder(ABC):
    """A map from questions to texts of one format, satisfiable iff the answer is ``distinct``."""

    #: What ``--to`` and ``--from`` call it.
    name: ClassVar[str]
    #: One line about it.
    summary: ClassVar[str]
    #: How the names of its files end.
    suffix: ClassVar[str] = ".txt"
    #: What to try where it cannot hold a net.
    otherwise: ClassVar[str] = ""
    #: The other formats that an answer may be of by mistake, where a true answer is never in vain.
    like: ClassVar[str] = ""

    @abstractmethod
    def apply(self, asked: Asked) -> str | bytes:
        """The file's content.  Raises EncodingError where the format cannot hold the net exactly."""

    @abstractmethod
    def inverse(self, asked: Asked, answer: str) -> Claim:
        """What a solver's answer to ``apply(asked)`` says.  Raises AnswerError if it cannot be read."""


def exact_number(text: str, place: str) -> Fraction:
    """The rational that ``text`` denotes exactly (1/2, 0.5, 5e-1).  Raises AnswerError with the place."""
    try:
        return parse_rational(text)
    except ValueError as problem:
        raise AnswerError(str(problem), place=place) from None


def named_direction(values: Callable[[str], Fraction | None], inputs: int) -> tuple[Fraction, ...] | None:
    """d from the values of d0, d1, ...; a missing one is 0, but not all may be missing (then None)."""
    found: Sequence[Fraction | None] = [values(f"d{index}") for index in range(inputs)]
    if all(value is None for value in found):
        return None
    return tuple(value or Fraction(0) for value in found)
