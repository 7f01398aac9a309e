"""Conventions as data: what backpropagation takes for the derivative of each operation at its kinks.

A rule of an operation of one argument is the share t of its right piece: (1 - t) left slope + t right slope, at each of
its kinks.  So relu'(0) = t; abs'(0) = 2 t - 1; t = 0 takes the bound's side at -1 and the inner one at 1.  A rule of a
maximum or minimum says who gets the derivative among arguments that tie.

What frameworks do differs between operations, versions, and forward and backward mode; the named conventions are what
was measured once (``scripts/data/measure_conventions.py`` measures what is installed), and serve to *explain* a
vector: an explanation is checked exactly, so that a table that is out of date explains less, and nothing wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from subgrad_hardness.auditing.pieces import Active, partials, slopes
from subgrad_hardness.net.forms import Node

#: Shares of the right piece at the first kink and, where there is one, at the second.
Shares = tuple[Fraction, ...]
#: ``first``, ``last``, ``even``, ``every`` (one to every argument that ties), or ``tree``, which the rewriting gives.
Split = str
Rule = Shares | Split

_ZERO, _HALF, _ONE = Fraction(0), Fraction(1, 2), Fraction(1)
SPLITS: tuple[Split, ...] = ("first", "last", "even", "every")


class Convention(NamedTuple):
    """A rule for each operation; ``tree`` is the share that a tie of two gives to the second argument."""

    name: str
    rules: Mapping[str, Rule]
    tree: Fraction = _ZERO

    def partials(self, node: Node, pieces: Active) -> tuple[Fraction, ...]:
        """What backpropagation passes on to each argument of ``node`` where these pieces are active."""
        if len(pieces) == 1:
            return partials(node, pieces[0])
        rule = self.rules[node.operation]
        if isinstance(rule, tuple):
            share, sides = rule[pieces[0]], slopes(node)
            return ((1 - share) * sides[pieces[0]] + share * sides[pieces[1]],)
        count = len(node.arguments)
        if rule == "tree":
            return tuple(_tree(list(range(count)), set(pieces), self.tree))
        given = dict.fromkeys(pieces, _ONE if rule == "every" else Fraction(1, len(pieces)))
        if rule in ("first", "last"):
            given = {pieces[0] if rule == "first" else pieces[-1]: _ONE}
        return tuple([given.get(number, _ZERO) for number in range(count)])

    def said(self, operations: Sequence[str]) -> str:
        """The rules of these operations, in words."""
        return ", ".join(_words(name, self.rules[name], self.tree) for name in operations)


def _tree(arguments: list[int], tied: set[int], share: Fraction) -> list[Fraction]:
    """The derivatives of a balanced tree, split after the first ceil(n/2), whose ties give ``share`` to the right."""
    if len(arguments) == 1:
        return [_ONE]
    half = (len(arguments) + 1) // 2
    left, right = arguments[:half], arguments[half:]
    has = [any(number in tied for number in side) for side in (left, right)]
    weight = share if all(has) else _ONE if has[1] else _ZERO
    below = [_tree(side, tied, share) for side in (left, right)]
    return [(1 - weight) * entry for entry in below[0]] + [weight * entry for entry in below[1]]


def _words(name: str, rule: Rule, tree: Fraction) -> str:
    if rule == "tree":
        return f"ties of {name} as a tree, {tree} to the second of two"
    if isinstance(rule, str):
        said = {
            "first": "to the first",
            "last": "to the last",
            "even": "split evenly",
            "every": "one to each",
        }
        return f"ties of {name} {said[rule]}"
    if name == "abs":
        return f"abs'(0) = {2 * rule[0] - 1}"
    if name == "leaky_relu":
        return {_ZERO: "leaky_relu'(0) = its slope", _ONE: "leaky_relu'(0) = 1"}.get(rule[0], "leaky_relu'(0) between")
    if name == "relu":
        return f"relu'(0) = {rule[0]}"
    low, high = (-1, 1) if name == "hardtanh" else (0, 6)
    return f"{name}'({low}) = {rule[0]}, {name}'({high}) = {1 - rule[1]}"


def _framework(name: str, *, relu: int, absolute: Fraction, leaky: int, tanh: int, ties: Split) -> Convention:
    one: dict[str, Rule] = {
        "relu": (Fraction(relu),),
        "abs": (absolute,),
        "leaky_relu": (Fraction(leaky),),
        "hardtanh": (Fraction(tanh), 1 - Fraction(tanh)),
        "relu6": (_ZERO, _ONE),
        "max": ties,
        "min": ties,
    }
    return Convention(name, one)


def rewriting(share: Fraction) -> Convention:
    """The rewriting of the specification (section 1) with relu'(0) = ``share`` at every kink."""
    rules: dict[str, Rule] = {
        "relu": (share,),
        "abs": (_HALF,),
        "leaky_relu": (share,),
        "hardtanh": (share, 1 - share),
        "relu6": (share, 1 - share),
        "max": "tree",
        "min": "tree",
    }
    return Convention(f"rewriting, relu'(0) = {share}", rules, share)


#: Backpropagation of the rewriting, and what frameworks were measured to do (torch 2.13, JAX 0.10, TensorFlow 2.21).
NAMED: tuple[Convention, ...] = (
    *[rewriting(share) for share in (_ZERO, _HALF, _ONE)],
    _framework("torch", relu=0, absolute=_HALF, leaky=0, tanh=0, ties="even"),
    _framework("jax", relu=0, absolute=_ONE, leaky=1, tanh=1, ties="even"),
    _framework("tensorflow", relu=0, absolute=_HALF, leaky=0, tanh=1, ties="first"),
)


def uniform(operations: Sequence[str]) -> Iterator[Convention]:
    """One rule for each of these operations, in all ways: shares 0, 1/2, 1, and all splits."""
    choices: list[Sequence[Rule]] = []
    for name in operations:
        if name in ("max", "min"):
            choices.append(SPLITS)
        elif name in ("hardtanh", "relu6"):
            choices.append([(share, 1 - share) for share in (_ZERO, _HALF, _ONE)])
        else:
            choices.append([(share,) for share in (_ZERO, _HALF, _ONE)])
    for rules in product(*choices):
        made = Convention("", dict(zip(operations, rules, strict=True)))
        yield made._replace(name=made.said(operations))
