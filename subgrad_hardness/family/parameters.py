"""The kinds of parameters that a family of nets declares: how each reads and checks a value."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any, NoReturn

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.json_text import kind, show_int
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

    def described(self, one_of: Sequence[str] = ()) -> str:
        """The help with the default, or with how much it is needed; ``one_of`` are the family's."""
        if self.required:
            return f"{self.help} (required)"
        if self.name in one_of:
            return f"{self.help} (one of {' and '.join('--' + name for name in one_of)} is required)"
        return self.help if self.default in (None, False) else f"{self.help} (default: {self.default})"

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
