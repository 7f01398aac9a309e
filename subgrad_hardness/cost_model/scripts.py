"""Entries of the dictionary as text: four small straight-line programs, which are carried out by whatever writes.

A program is a list of steps ``name = operation argument ...`` and, at its end, ``return`` with its results, set apart
by semicolons: ``s = sign x0 0; v = pick s 0 0 x0; return v``.  Operations are the counted ones
(``cost_model.primitives``); arguments are names, or numbers.  ``sign a b`` is -1, 0 or 1 as a is below, equal to or
above b; ``pick s u v w`` is u, v or w.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.primitives import CONSTANT, Value
from subgrad_hardness.cost_model.rules import ANY_PARAMETER, Applied, Entry, Group, Value_
from subgrad_hardness.cost_model.writing import ZERO, Plain, Term, Writer, constant
from subgrad_hardness.net.rational import format_rational, parse_rational

#: The counted operations, and how many arguments each has.
_OPERATIONS = {
    "add": 2, "sub": 2, "neg": 1, "mul": 2, "div": 2, "sign": 2, "pick": 4, "exp": 1, "log": 1, "sqrt": 1,
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class ScriptError(ValueError):
    """Text that is no program; the message says why."""


@dataclass(frozen=True)
class Script:
    """A straight-line program: steps, and results."""

    steps: tuple[tuple[str, str, tuple[str | Fraction, ...]], ...]
    results: tuple[str | Fraction, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The values that it computes, in order."""
        return tuple([name for name, _, _ in self.steps])

    @property
    def signs(self) -> dict[str, bool]:
        """The same, and which of them are outcomes of comparisons."""
        return {name: operation == "sign" for name, operation, _ in self.steps}

    def run(self, m: Plain, known: Mapping[str, Term]) -> tuple[list[Term], dict[str, Term]]:
        """Carry it out; the results, and all that is known then."""
        found = dict(known)

        def term(argument: str | Fraction) -> Term:
            return found[argument] if isinstance(argument, str) else constant(argument)

        for name, operation, arguments in self.steps:
            terms = [term(argument) for argument in arguments]
            if operation in ("exp", "log", "sqrt"):
                found[name] = m.nonlinear(operation, *terms)
            else:
                found[name] = getattr(m, operation)(*terms)
        return [term(result) for result in self.results], found

    def __str__(self) -> str:
        lines = [
            f"{name} = {' '.join([operation, *map(_shown, arguments)])}" for name, operation, arguments in self.steps
        ]
        return "; ".join([*lines, f"return {' '.join(map(_shown, self.results))}"])

    @classmethod
    def read(cls, text: str, known: Mapping[str, bool], results: int | None) -> Script:
        """The program that a text says, which may use the names that are known: of outcomes of comparisons or not.

        Raises ScriptError for what is no program, and for a number of results other than ``results``.
        """
        steps: list[tuple[str, str, tuple[str | Fraction, ...]]] = []
        names, signs = set(known), {name for name, sign in known.items() if sign}
        *lines, last = [line.split() for line in text.split(";")]
        for words in lines:
            shown = " ".join(words)
            if len(words) < 3 or words[1] != "=":
                raise ScriptError(f"{shown!r} is not NAME = OPERATION ARGUMENTS")
            name, operation = words[0], words[2]
            if not _NAME.fullmatch(name) or name in names or name == "return":
                raise ScriptError(f"{name!r} is {'taken' if name in names else 'no name'}")
            if _OPERATIONS.get(operation) != len(words) - 3:
                known_ones = ", ".join(f"{each} of {size}" for each, size in _OPERATIONS.items())
                raise ScriptError(
                    f"{shown!r}: no {operation} of {count(len(words) - 3, 'argument')}; there are {known_ones}"
                )
            arguments = tuple([_argument(word, names) for word in words[3:]])
            if operation == "pick" and arguments[0] not in signs:
                raise ScriptError(f"{shown!r}: {words[3]!r} is no outcome of a comparison (sign)")
            if operation == "sign":
                signs.add(name)
            names.add(name)
            steps.append((name, operation, arguments))
        if not last or last[0] != "return" or len(last) == 1:
            raise ScriptError("the last step is not 'return' and a result")
        found = tuple([_argument(word, names) for word in last[1:]])
        if results is not None and len(found) != results:
            raise ScriptError(f"{count(len(found), 'result')}, expected {results}")
        return cls(tuple(steps), found)


def _argument(word: str, names: set[str]) -> str | Fraction:
    if word in names:
        return word
    try:
        return parse_rational(word)
    except ValueError:
        raise ScriptError(f"{word!r} is neither a number nor a value that is known there") from None


def _shown(argument: str | Fraction) -> str:
    return argument if isinstance(argument, str) else format_rational(argument)


@dataclass(frozen=True)
class Scripts:
    """The programs of an entry of ``arity`` arguments x0, x1, ...

    Attributes
    ----------
    value : the value; several results for an entry that has several values, as a sort.
    shared : one number that sweeps and pushes share, which these call ``shared``; None: nothing.
    pullback : the increments of the arguments, from the adjoint ``w`` (``w0``, ``w1``, ... of several values).
    push : the tangent of each value, from those of the arguments, d0, d1, ...
    parameter : what is meant by ``parameter`` where a program says nothing else, as the slope of a leaky_relu; None:
        there is none.
    """

    arity: int
    value: Script
    shared: Script | None
    pullback: Script
    push: Script
    parameter: Fraction | None = None

    @property
    def several(self) -> bool:
        """Whether there are several values."""
        return len(self.value.results) > 1

    def entry(self, name: str) -> Entry:
        """The entry that they are."""
        return Entry(
            name=name,
            arity=self.arity,
            value=_Value(self),
            pull=_Pull(self),
            push=_Push(self),
            prepare=None if self.shared is None else _Prepare(self),
            parameter=Fraction(0) if self.several else self.parameter,
            group=_Group(self) if self.several else None,
            route=_Route(self) if self.several else None,
        )

    def known(self, node: Applied) -> dict[str, Term]:
        """What the other programs know of a node."""
        found = {f"x{place}": term for place, term in enumerate(node.arguments)}
        found |= dict(zip(self.value.names, node.kept, strict=True))
        if self.parameter is not None:
            found["parameter"] = node.constant
        return found if node.prepared is None else found | {"shared": node.prepared}

    def computed(
        self, m: Plain, arguments: Sequence[Term], parameter: Value | None = None
    ) -> tuple[list[Term], tuple[Term, ...]]:
        """The values, and all that was computed on the way."""
        known = {f"x{place}": term for place, term in enumerate(arguments)}
        if self.parameter is not None:
            known["parameter"] = constant(self.parameter if parameter is None else parameter)
        results, found = self.value.run(m, known)
        return results, tuple([found[name] for name in self.value.names])


@dataclass(frozen=True)
class _Rule:
    scripts: Scripts


class _Value(_Rule):
    def __call__(self, m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
        results, kept = self.scripts.computed(m, arguments, parameter)
        return results[int(parameter or 0) if self.scripts.several else 0], kept


class _Group(_Rule):
    def __call__(self, m: Plain, arguments: Sequence[Term]) -> Group:
        results, kept = self.scripts.computed(m, arguments)
        return Group(tuple(results), kept)


class _Prepare(_Rule):
    def __call__(self, m: Plain, node: Applied) -> Term:
        assert self.scripts.shared is not None
        return self.scripts.shared.run(m, self.scripts.known(node))[0][0]


class _Pull(_Rule):
    def __call__(self, m: Plain, node: Applied, w: Term) -> Sequence[Term]:
        known = self.scripts.known(node)
        if not self.scripts.several:
            return self.scripts.pullback.run(m, known | {"w": w})[0]
        ws = [w if place == int(node.parameter or 0) else ZERO for place in range(len(self.scripts.value.results))]
        return self.scripts.pullback.run(m, known | {f"w{place}": each for place, each in enumerate(ws)})[0]


class _Route(_Rule):
    def __call__(self, m: Plain, kept: Sequence[Term], adjoints: Sequence[Term]) -> Sequence[Term]:
        known = dict(zip(self.scripts.value.names, kept, strict=True))
        return self.scripts.pullback.run(m, known | {f"w{place}": each for place, each in enumerate(adjoints)})[0]


class _Push(_Rule):
    def __call__(self, m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
        known = self.scripts.known(node) | {f"d{place}": tangent for place, tangent in enumerate(tangents)}
        return self.scripts.push.run(m, known)[0][int(node.parameter or 0) if self.scripts.several else 0]


def scripts_of(entry: Entry, arity: int) -> Scripts:
    """The programs of an entry, as its rules write them."""
    results = arity if entry.group is not None else 1
    inputs = [*(f"x{place}" for place in range(arity)), *(["w"] if results == 1 else [f"w{k}" for k in range(results)])]
    inputs += [f"d{place}" for place in range(arity)]
    writer = Writer(inputs)
    m, terms = Plain(writer), tuple([Term(place) for place in range(arity)])
    names = dict(enumerate(inputs))
    start, numbers = 0, itertools.count(1)

    def script(found: Sequence[Term]) -> Script:
        nonlocal start
        slots = [m.writer.slot(term) if not term.known else -1 for term in found]
        steps = []
        chosen: dict[tuple[str | Fraction, ...], str] = {}  # the same choice twice, which is free, is said once
        for slot in range(len(inputs) + start, writer.size):
            step = writer.steps[slot - len(inputs)]
            if step.operation == CONSTANT:
                continue
            arguments = tuple([said(argument) for argument in step.arguments])
            if step.operation == "pick" and arguments in chosen:
                names[slot] = chosen[arguments]
                continue
            names[slot] = f"t{next(numbers)}"
            chosen |= {arguments: names[slot]} if step.operation == "pick" else {}
            steps.append((names[slot], step.operation, arguments))
        start = len(writer.steps)
        return Script(
            tuple(steps),
            tuple(
                [Fraction(term.constant) if slot < 0 else said(slot) for term, slot in zip(found, slots, strict=True)]
            ),
        )

    def said(slot: int) -> str | Fraction:
        step = writer.steps[slot - len(inputs)] if slot >= len(inputs) else None
        if step is None or step.operation != CONSTANT:
            return names[slot]
        return "parameter" if step.parameter == ANY_PARAMETER else Fraction(step.parameter or 0)

    if entry.group is not None:
        group = entry.group(m, terms)
        values, node = group.results, Applied(terms, Fraction(0), group.results[0], group.kept)
    else:
        given = None if entry.parameter is None else ANY_PARAMETER
        first, kept = entry.value(m, terms, given)
        values, node = (first,), Applied(terms, given, first, kept)
    value, shared = script(values), None
    if entry.prepare is not None:
        node = node._replace(prepared=entry.prepare(m, node))
        assert node.prepared is not None
        shared = script([node.prepared])
        names[node.prepared.slot] = "shared"
    ws = [Term(arity + k) for k in range(results)]
    increments = entry.pull(m, node, ws[0]) if entry.route is None else entry.route(m, node.kept, ws)
    pullback = script(increments)
    tangents = [Term(arity + results + place) for place in range(arity)]
    ranked = [node] if results == 1 else [node._replace(parameter=Fraction(k)) for k in range(results)]
    pushed = [entry.push(m, each, tangents) for each in ranked]
    parameter = None if entry.parameter is None or results > 1 else Fraction(entry.parameter)
    return Scripts(arity, value, shared, pullback, script(pushed), parameter)
