"""The family contract: a named generator of nets with declared, validated parameters.

A new family is one file that builds a ``Family`` and one line in ``family.registry``.  Its parameters are the fields of
a frozen dataclass, each with its declaration: the command line and the library call both come from it, and the
family's code reads typed values::

    @dataclass(frozen=True, kw_only=True)
    class StarValues(Values):
        rays: int = integer("number of rays", required=True, low=1, high=1000)
        shut: bool = flag("close the star again")

    def _make(values: StarValues, given: frozenset[str]) -> Program: ...
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from operator import mul
from typing import Any, Generic, NoReturn, TypeVar

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.json_text import kind, show, show_int
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import exact, parse_rational

_INTEGER = re.compile(r"[+-]?[0-9]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter(ABC):
    """One declared parameter.

    Attributes
    ----------
    name : a Python name; the command line's option is ``--name`` with hyphens.
    help : one line, without the default.
    default : the value where none is given; None for parameters that may stay away.
    required : whether there is no net without it.
    only_with : the flag without which it changes nothing, as the seed of a family that draws only then.
    """

    name: str
    help: str
    default: Any = None
    required: bool = False
    only_with: str | None = None

    @property
    def option(self) -> str:
        """The name as the command line and error messages spell it."""
        return self.name.replace("_", "-")

    @property
    @abstractmethod
    def metavar(self) -> str | None:
        """The value's placeholder in a help text; None for a flag, which takes no value."""

    @abstractmethod
    def read(self, value: object) -> Any:
        """The validated value, from a Python value or from command-line text.  Raises ParameterError."""

    def fail(self, message: str) -> NoReturn:
        raise ParameterError(message, place=self.option)


@dataclass(frozen=True, slots=True)
class Integer(Parameter):
    """An integer in [low, high]."""

    low: int = 0
    high: int = 2**64 - 1

    @property
    def metavar(self) -> str:
        return "N"

    def read(self, value: object) -> int:
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(f"{kind(value)}, expected an integer")
        if not self.low <= value <= self.high:
            self.fail(f"{show_int(value)} is outside {self.low}..{self.high}")
        return value


@dataclass(frozen=True, slots=True)
class Rational(Parameter):
    """An exact rational in [low, high]: text such as ``4.26`` or ``21/5``, an int, a Fraction, or a
    float, which is the binary64 number that it denotes."""

    low: int = 0
    high: int = 10**6

    @property
    def metavar(self) -> str:
        return "R"

    def read(self, value: object) -> Fraction:
        if isinstance(value, str):
            try:
                number = parse_rational(value)
            except ValueError as problem:
                self.fail(str(problem))
        elif isinstance(value, bool) or not isinstance(value, int | float | Fraction):
            self.fail(f"{kind(value)}, expected a number")
        else:
            try:
                number = exact(value)
            except (ValueError, OverflowError):
                self.fail(f"{value!r} is not finite")
        if not self.low <= number <= self.high:
            self.fail(f"{kind(value)} is outside {self.low}..{self.high}")
        return number


@dataclass(frozen=True, slots=True)
class Choice(Parameter):
    """One of a few words."""

    options: tuple[str, ...] = ()

    @property
    def metavar(self) -> str:
        return "{" + ",".join(self.options) + "}"

    def read(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            self.fail(f"{kind(value)}, expected {' or '.join(self.options)}")
        return value


@dataclass(frozen=True, slots=True)
class Flag(Parameter):
    """Yes or no; no by default."""

    @property
    def metavar(self) -> None:
        return None

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            self.fail(f"{kind(value)}, expected True or False")
        return value


@dataclass(frozen=True, slots=True)
class File(Parameter):
    """A path to read, ``-`` for standard input."""

    @property
    def metavar(self) -> str:
        return "FILE"

    def read(self, value: object) -> str:
        path = os.fspath(value) if isinstance(value, str | os.PathLike) else value
        if not isinstance(path, str):
            self.fail(f"{kind(value)}, expected a path")
        return path


@dataclass(frozen=True, slots=True)
class Widths(Parameter):
    """The layer widths of a net, inputs first: text such as ``64-128-1`` or a sequence of integers.

    ``least`` widths or more, each in 1..``high``, with at most ``most_weights`` weights in a dense net.
    """

    least: int = 2
    high: int = 2**16
    most_weights: int = 2**22

    @property
    def metavar(self) -> str:
        return "N-...-N"

    def read(self, value: object) -> tuple[int, ...]:
        parts = value.split("-") if isinstance(value, str) else value
        if not isinstance(parts, Sequence):
            self.fail(f"{kind(value)}, expected widths such as 64-128-1")
        widths = Integer(self.name, self.help, low=1, high=self.high)
        result = tuple(widths.read(part) for part in parts)
        if len(result) < self.least:
            self.fail(f"{count(len(result), 'width')}, expected at least {self.least}")
        weights = sum(map(mul, result, result[1:]))
        if weights > self.most_weights:
            self.fail(f"{count(weights, 'weight')}; at most {self.most_weights}")
        return result


def _declared(parameter: Parameter) -> Any:
    """The field of a dataclass that carries a declaration; its name is the parameter's."""
    return field(metadata={_KEY: parameter})


# What these return is a dataclass's field, which type checkers take for a default of the annotated type.


def integer(text: str, *, default: int | None = None, required: bool = False, low: int, high: int = 2**64 - 1) -> Any:
    """Declare an integer in [low, high]; without a default and not required it may be None."""
    return _declared(Integer("", text, default, required, low=low, high=high))


def random_seed(only_with: str | None = None) -> Any:
    """Declare the seed that every family with random draws has; ``only_with`` names the flag without which it draws
    nothing."""
    when = "" if only_with is None else f", which there are only with --{only_with}"
    return _declared(Integer("", f"seed of the random draws{when}", 0, only_with=only_with))


def rational(
    text: str, *, default: Fraction | None = None, required: bool = False, low: int = 0, high: int = 10**6
) -> Any:
    """Declare an exact rational in [low, high]; without a default and not required it may be None."""
    return _declared(Rational("", text, default, required, low=low, high=high))


def choice(text: str, options: Sequence[str], *, default: str | None = None) -> Any:
    """Declare one of a few words; without a default it may be None."""
    return _declared(Choice("", text, default, options=tuple(options)))


def flag(text: str) -> Any:
    """Declare a flag, which is not set by default."""
    return _declared(Flag("", text, False))


def readable_file(text: str) -> Any:
    """Declare a path, which may be None."""
    return _declared(File("", text))


def layer_widths(text: str, *, least: int = 2) -> Any:
    """Declare the layer widths of a net, which are required."""
    return _declared(Widths("", text, None, True, least=least))


_KEY = "parameter"


@dataclass(frozen=True, kw_only=True)
class Values:
    """The values of a family's parameters; a family's own class says which.  A field without a declaration is none."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The declarations, in the order of the fields."""
        declared = [(entry.name, entry.metadata[_KEY]) for entry in fields(cls) if _KEY in entry.metadata]
        return tuple(replace(parameter, name=name) for name, parameter in declared)

    def declared(self) -> dict[str, Any]:
        """The values of the declared parameters by name, in their order."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self.parameters()}


V = TypeVar("V", bound=Values)


@dataclass(frozen=True, slots=True)
class Family(Generic[V]):
    """A named generator of nets.

    Attributes
    ----------
    name, aliases : how the command line and ``generate`` call it.
    summary : one line.
    values : the class of its parameters' values, which declares them.
    make : ``make(values, given)`` builds the net from validated values, defaults filled in, and the names of the
        parameters that were given; raises ParameterError where they do not fit together.
    one_of : parameters of which exactly one has to be given.
    picture : a paragraph that lets a reader see the net: its formula and shape, its sizes, where its two
        subgradients are or why there are none; plain text, any number of lines.
    """

    name: str
    summary: str
    values: type[V]
    make: Callable[[V, frozenset[str]], Program]
    aliases: tuple[str, ...] = ()
    picture: str = ""
    one_of: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it takes, in the order of the help text."""
        return self.values.parameters()

    def build(self, **given: object) -> Program:
        """The net for these parameters; ``None``, and ``False`` for a flag, count as not given.

        Raises ParameterError for an unknown parameter, a value outside its range, one that is missing, or values that
        do not fit together.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise ParameterError(
                    f"unknown parameter of {self.name}; known: {', '.join(known)}", place=show(name).strip('"')
                )
        explicit = {name: known[name].read(value) for name, value in given.items() if value is not None}
        for parameter in known.values():
            if parameter.required and parameter.name not in explicit:
                raise ParameterError("missing", place=parameter.option)
        if self.one_of and len(explicit.keys() & set(self.one_of)) != 1:
            raise ParameterError(f"give {' or '.join(self.one_of)}, one of them", place=self.one_of[0])
        defaults = {parameter.name: parameter.default for parameter in known.values()}
        names = frozenset(name for name, value in explicit.items() if value is not False)
        return self.make(self.values(**{**defaults, **explicit}), names)
