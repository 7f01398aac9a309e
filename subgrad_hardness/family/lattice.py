"""Lattice identities: a term of maxima and minima minus the same term in other words, identically 0.

The distribution: ``forms`` integer linear forms in ``inputs`` inputs, uniform nonzero vectors with
entries in [-3, 3].  The term T is a full binary tree of the given depth, max or min at every node by
the toss of a fair coin, at every leaf one of the forms, uniformly.  The copy is T rewritten by four
passes over the tree, leaves first.  At every node a pass exchanges the arguments (commutativity) with
probability 1/2; then, with probability 1/2, it uses what fits of
    associativity     max(a, max(b, c)) = max(max(a, b), c),
    distributivity    max(a, min(b, c)) = min(max(a, b), max(a, c)),
and the same with max and min exchanged; distributivity only while the copy stays within three times
the leaves of T.  Both sides are equal as functions (R is a distributive lattice), so F = T - copy = 0
has one subgradient.

``moved`` adds 1 or -1 to one coefficient of one leaf of the copy.  Then the verdict is ``distinct``
where an exact evaluation shows it (``family.nonlinearity``), else nobody knows it beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, integer, random_seed
from subgrad_hardness.family.nonlinearity import moved_verdict
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program


@dataclass(frozen=True, kw_only=True)
class LatticeValues(Values):
    """The parameters of ``lattice``."""

    depth: int = integer("depth of the binary tree of maxima and minima", default=4, low=1, high=12)
    inputs: int = integer("number of inputs", default=4, low=1, high=1000)
    forms: int = integer("number of linear forms at the leaves", default=8, low=1, high=10_000)
    moved: bool = flag("change one coefficient of one leaf of the copy")
    seed: int = random_seed()


_PASSES = 4


class Join(NamedTuple):
    """The max (or min) of two terms, ``leaves`` leaves in all."""

    maximum: bool
    left: Term
    right: Term
    leaves: int


#: The number of a form, or a join.
Term = int | Join


def join(maximum: bool, left: Term, right: Term) -> Join:
    """The max (or min) of two terms."""
    return Join(maximum, left, right, _leaves(left) + _leaves(right))


def _leaves(term: Term) -> int:
    return 1 if isinstance(term, int) else term.leaves


def random_term(depth: int, forms: int, stream: Stream) -> Term:
    """A full binary tree of that depth (the module's distribution)."""
    if not depth:
        return stream.below(forms)
    maximum = stream.below(2) == 1
    return join(maximum, random_term(depth - 1, forms, stream), random_term(depth - 1, forms, stream))


class Rewriter:
    """Random lattice identities; ``room`` leaves may still be added."""

    def __init__(self, stream: Stream, room: int) -> None:
        self._stream = stream
        self.room = room

    def once(self, term: Term) -> Term:
        """One pass over the term, leaves first.  The depth at most doubles."""
        if isinstance(term, int):
            return term
        a, other = self.once(term.left), self.once(term.right)
        if self._stream.below(2):
            a, other = other, a
        if isinstance(other, int) or not self._stream.below(2):
            return join(term.maximum, a, other)
        _, b, c, _ = other
        if other.maximum is term.maximum:
            return join(term.maximum, join(term.maximum, a, b), c)
        if _leaves(a) > self.room:
            return join(term.maximum, a, other)
        self.room -= _leaves(a)
        return join(other.maximum, join(term.maximum, a, b), join(term.maximum, a, c))


def _term(build: GraphBuilder, term: Term, prefix: str, moved: int = -1) -> int:
    """A term, a node for each join; leaf number ``moved`` (from 0) reads the form ``moved``."""
    if isinstance(term, int):
        return build[f"l{term + 1}" if moved else "moved"]
    left = _term(build, term.left, prefix, moved)
    right = _term(build, term.right, prefix, moved - _leaves(term.left))
    return build.apply("max" if term.maximum else "min", [left, right], name=f"{prefix}{len(build.nodes)}")


def _make(values: LatticeValues, given: frozenset[str]) -> Program:
    depth, size, count, moved, seed = values.depth, values.inputs, values.forms, values.moved, values.seed
    stream = Stream(seed, "lattice", depth, size, count)
    forms = [stream.direction(size, 3) for _ in range(count)]
    term = random_term(depth, count, stream)
    rewriter, copy = Rewriter(stream, 2 * _leaves(term)), term
    for _ in range(_PASSES):
        copy = rewriter.once(copy)
    build = GraphBuilder(size)
    for number, form in enumerate(forms, start=1):
        build.sum(enumerate(form), name=f"l{number}")
    place = stream.below(_leaves(copy)) if moved else -1
    if moved:
        changed = list(forms[_leaf(copy, place)])
        changed[stream.below(size)] += 1 - 2 * stream.below(2)
        build.sum(enumerate(changed), name="moved")
    left, right = _term(build, term, "t"), _term(build, copy, "c", place)
    output = build.affine([(left, 1), (right, -1)], name="F")
    name = f"lattice identity{', moved' if moved else ''}, depth {depth}, {size} inputs, {count} forms, seed {seed}"
    program = build.program([output], name=name)
    facts: dict[str, Any] = {"verdict": "unique", "known_by": "lattice identities: both sides are the same map"}
    if moved:
        facts = moved_verdict(program, seed)
    parameters = {"depth": depth, "inputs": size, "forms": count, "moved": moved}
    return program._replace(provenance={"family": LATTICE.name, "parameters": parameters, "seed": seed, **facts})


def _leaf(term: Term, number: int) -> int:
    """The form at leaf ``number``, counted from 0 on the left."""
    while not isinstance(term, int):
        left = _leaves(term.left)
        term, number = (term.left, number) if number < left else (term.right, number - left)
    return term


LATTICE = Family(
    name="lattice",
    summary="a max-min term minus a rewriting of it by lattice identities: identically 0; or with one leaf moved",
    values=LatticeValues,
    make=_make,
    picture="""
        T - T', two trees of max and min over the same linear forms: 2^depth leaves in T, at most three times as
        many in T'.  T' is T after four passes of the commutative, associative and distributive laws, so it looks
        otherwise and is the same: F = 0, one subgradient behind a kink for each join, all of which cancel.  moved
        tilts one leaf of T' by one unit in one coordinate: then F is not 0 on the cones where that leaf decides T',
        if there are such.
    """,
)
