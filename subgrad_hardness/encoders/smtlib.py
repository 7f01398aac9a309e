"""SMT-LIB 2, logic QF_LRA: for z3, cvc5, yices, MathSAT, OpenSMT and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from subgrad_hardness.encoders.contract import (
    AnswerError,
    Asked,
    Claim,
    Encoder,
    commented,
    exact_number,
    named_direction,
    span,
)
from subgrad_hardness.encoders.linear_real import clause_text, commands, encode
from subgrad_hardness.local.local_net import integer_direction

_TOKEN = re.compile(r"\(|\)|\|[^|]*\||\"[^\"]*\"|[^\s()|\"]+")
_NAME = re.compile(r"d[0-9]{1,9}", re.ASCII)
_STATUS = re.compile(r"^\s*(sat|unsat|unknown)\s*$", re.MULTILINE)
# Nested lists of an answer; arithmetic terms need two or three.
_DEEPEST = 100

#: A parsed expression: a symbol, or a list.
_Term = str | list["_Term"]


class SmtLib(Encoder):
    """All goals in one disjunction, on an unbounded cone."""

    name = "smtlib"
    suffix = ".smt2"
    summary = "SMT-LIB 2, QF_LRA (z3, cvc5, yices)"

    def apply(self, asked: Asked) -> str:
        """Linear in the nonzeros of the multiplied-out net."""
        encoding = encode(asked.flat, (form for _, form in asked.goals))
        inputs = encoding.inputs

        def name(variable: int) -> str:
            return f"d{variable}" if variable < inputs else f"a{variable - inputs}"

        directions = " ".join(map(name, range(inputs)))
        lines = [
            f"{span('d', inputs)}: the direction, unbounded.  a0, a1, ...: the values of the kinks, a = relu(z):",
            "a >= 0, a >= z, and (a <= 0 or a <= z).",
            "The last assertion: s (F'_k(d) - g_k d) >= 1 for an output k and a sign s.  Exact, since F'(x0; .) is",
            "positively homogeneous: a direction with a positive value has a multiple with the value 1.",
            "sat: the values of d0, d1, ... are a direction on which g is wrong, another subgradient is",
            f"entered there.  unsat: g is the only one (and there is no value to get).  Decode: {self.name}.",
        ]
        goals = clause_text(encoding.goals, name)
        return commented(asked.header("SMT-LIB 2, QF_LRA", lines), ";") + "\n".join(
            (
                "(set-option :produce-models true)",
                "(set-logic QF_LRA)",
                *commands(encoding, name),
                f"(assert {goals})",
                "(check-sat)",
                f"(get-value ({directions}))",
                "",
            )
        )

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """``sat`` with the output of get-value or get-model (z3, cvc5), or of yices' ``(= d0 1/2)``."""
        status = _STATUS.search(answer)
        if status is not None and status[1] != "sat":
            return Claim(False if status[1] == "unsat" else None)
        values = {name: value for term in _parse(answer) for name, value in _values(term)}
        direction = named_direction(values.get, asked.flat.inputs)
        if direction is None and status is None:
            raise AnswerError("neither sat, unsat or unknown nor a value of d0, d1, ...")
        return Claim(True, [] if direction is None else [integer_direction(direction)[0]])


def _parse(text: str) -> list[_Term]:
    stack: list[list[_Term]] = [[]]
    for token in _TOKEN.findall(re.sub(r";[^\n]*", "", text)):
        if token == "(":
            if len(stack) > _DEEPEST:
                raise AnswerError(f"parentheses nested more than {_DEEPEST} deep")
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise AnswerError("a closing parenthesis too many")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    if len(stack) > 1:
        raise AnswerError(f"{len(stack) - 1} closing parentheses are missing: it is cut off")
    return stack[0]


def _values(term: _Term) -> Iterator[tuple[str, Fraction]]:
    """The pairs of name and value in an answer, wherever they stand."""
    match term:
        case ["define-fun", str(name), [], "Real", value] if _NAME.fullmatch(name):
            yield name, _number(name, value)
        case ["=", str(name), value] | [str(name), value] if _NAME.fullmatch(name):
            yield name, _number(name, value)
        case list(parts):
            for part in parts:
                yield from _values(part)


def _number(name: str, term: _Term) -> Fraction:
    """A constant: 3, 0.5, 1/2, (- t), (/ t u)."""
    match term:
        case ["-", inner]:
            return -_number(name, inner)
        case ["/", over, under]:
            divisor = _number(name, under)
            if divisor:
                return _number(name, over) / divisor
        case str(text):
            return exact_number(text, name)
    raise AnswerError("its value is not a number", place=name)
