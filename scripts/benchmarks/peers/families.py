"""What is measured: the families, sizes and bounds of the benchmark, as data.

The bounds are those of the issue that asked for the engines ("Must hold"); sizes without a bound are there
for the peers, which would otherwise have no time to compare with.  Sizes of a row grow, so that a solver
that hit the limit at one need not be asked about the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from peers.cadical_floor import satisfiable
from peers.contract import Verdict
from subgrad_hardness.family.ksat import random_cnf
from subgrad_hardness.net.program import Program

Arguments = Mapping[str, Any]


class Bound(NamedTuple):
    """At most ``seconds`` plus ``floors`` times the floor's time on the same formulas; medians, or the
    slowest instance where the issue says "each"."""

    seconds: float
    floors: float = 0
    each: bool = False

    def least(self, floor: float | None) -> float | None:
        """The bound in seconds; None where the floor is needed and was not measured."""
        if not self.floors:
            return self.seconds
        return None if floor is None else self.floors * floor + self.seconds


@dataclass(frozen=True)
class Size:
    """One size of a row: an instance for each of ``variants`` (arguments of ``generate``) and each seed."""

    label: str
    variants: tuple[Arguments, ...]
    bound: Bound | None = None
    quick: bool = False


@dataclass(frozen=True)
class Row:
    """One family.

    Attributes
    ----------
    name : for ``--families``.
    family : for ``generate``.
    groups : what is summed up apart: a label and further arguments.  Empty: the formulas of each answer,
        the first seeds from 0 that have it.
    seeds : of each size and group; empty for a family without a seed.
    """

    name: str
    title: str
    family: str
    sizes: tuple[Size, ...]
    groups: Mapping[str, Arguments] = field(default_factory=lambda: {"": {}})
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)


class Instance(NamedTuple):
    """One net to be generated."""

    row: Row
    size: Size
    group: str
    arguments: Arguments

    def program(self) -> Program:
        """The net."""
        from subgrad_hardness import generate

        return generate(self.row.family, **self.arguments)

    def verdict(self, program: Program) -> Verdict | None:
        """What is known beforehand: from CaDiCaL for formulas, else from the generator."""
        if not self.row.groups:
            return "distinct" if self.group == ANSWERS[True] else "unique"
        known = (program.provenance or {}).get("verdict")
        return known if known in ("distinct", "unique") else None


def _formulas(sizes: Mapping[int, Bound | None], quick: int, **more: Any) -> tuple[Size, ...]:
    return tuple(
        Size(str(n), ({"variables": n, "ratio": "4.26", **more},), bound, n == quick) for n, bound in sizes.items()
    )


def _size(label: str, bound: Bound | None = None, quick: bool = False, **arguments: Any) -> Size:
    return Size(label, (arguments,), bound, quick)


def _lattice(depth: int, inputs: int, forms: int, bound: Bound | None = None, quick: bool = False) -> Size:
    label = f"depth {depth}, {forms} forms, {inputs} inputs"
    return _size(label, bound, quick, depth=depth, inputs=inputs, forms=forms)


def _zonotope(name: str, title: str, bound: Bound | None, **more: Any) -> Row:
    sizes = [(3, 4, 4, None), (4, 6, 8, None), (5, 9, 10, None), (6, 12, 12, None), (8, 16, 16, bound)]
    if name == "zonotope":  # too many facets to scale by
        sizes.append((12, 40, 40, Bound(3)))
    return Row(
        name,
        title,
        "zonotope",
        tuple(
            _size(f"{p} inputs, {inner} + {outer} terms", at_most, p == 3, inputs=p, inner=inner, outer=outer, **more)
            for p, inner, outer, at_most in sizes
        ),
    )


_BY_ANSWER: Mapping[str, Arguments] = {}

ROWS = (
    Row(
        "minmax",
        "3-SAT min-max, ratio 4.26, variables",
        "3sat",
        _formulas(
            {8: None, 15: None, 20: None, 30: None, 50: None}
            | {100: Bound(0.1, 2), 200: Bound(0.3, 2), 250: Bound(0.5, 2)},
            20,
            form="minmax",
        ),
        _BY_ANSWER,
    ),
    Row(
        "obfuscated",
        "the same, inputs changed unimodularly, neurons rescaled",
        "3sat",
        _formulas({8: None, 15: None, 20: None, 30: None, 50: Bound(1), 100: Bound(10)}, 8, obfuscated=True),
        _BY_ANSWER,
    ),
    Row(
        "layers3",
        "3-SAT, three hidden layers, variables",
        "3sat",
        _formulas(
            {8: None, 15: None, 20: None, 30: None, 50: Bound(1), 100: Bound(5), 150: Bound(30)}, 20, form="layers3"
        ),
        _BY_ANSWER,
    ),
    Row(
        "lattice",
        "lattice identities",
        "lattice",
        (
            _lattice(3, 4, 6, quick=True),
            _lattice(4, 8, 12),
            _lattice(5, 8, 12, Bound(2, each=True)),
            _lattice(6, 8, 16, Bound(8, each=True)),
        ),
        seeds=tuple(range(10)),
    ),
    Row(
        "copies",
        "N(x) - N'(x), N' permuted and rescaled",
        "copies",
        tuple(
            _size(widths, bound, widths == "2-4-4-1", widths=widths)
            for widths, bound in {
                "2-4-4-1": None,
                "4-8-8-1": None,
                "8-16-16-1": None,
                "64-128-128-1": Bound(2),
            }.items()
        ),
    ),
    _zonotope("zonotope", "zonotope in zonotope, by combination", Bound(0.3), construction="combination"),
    _zonotope("zonotope-scaled", "zonotope in zonotope, scaled to fit", Bound(0.3), construction="scaled"),
    _zonotope("zonotope-outside", "zonotope just outside", None, construction="scaled", outside=True),
    Row(
        "dense",
        "random dense bias-free nets, binary64 weights",
        "dense",
        tuple(
            _size(widths, bound, widths == "4-8-8-1", widths=widths)
            for widths, bound in {
                "4-8-8-1": None,
                "8-16-16-1": None,
                "16-32-32-1": None,
                "32-64-64-1": Bound(0.2),
            }.items()
        ),
    ),
    Row(
        "maxcut",
        "maximum cut, two hidden layers, vertices",
        "maxcut",
        tuple(
            _size(str(n), bound, n == 6, vertices=n)
            for n, bound in {4: None, 6: None, 8: None, 10: None, 12: None, 14: Bound(2), 20: Bound(10)}.items()
        ),
        {"k = maxcut": {"offset": 0}, "k = maxcut + 1": {"offset": 1}},
    ),
    Row(
        "naesat",
        "not-all-equal 3-SAT, two hidden layers, ratio 3, variables",
        "naesat",
        tuple(
            _size(str(n), bound, n == 5, variables=n, ratio=3, form="layers2")
            for n, bound in {5: None, 7: None, 9: None, 12: Bound(2)}.items()
        ),
    ),
    Row(
        "clique",
        "cliques, two hidden layers, vertices",
        "clique",
        tuple(
            _size(str(n), bound, n == 5, vertices=n) for n, bound in {5: None, 7: None, 9: None, 11: Bound(5)}.items()
        ),
        {"k = largest": {"offset": 0}, "k = largest + 1": {"offset": 1}},
    ),
    Row(
        "thincone",
        "thin cones, K = 10, 10^3, 10^6, 10^9, levels",
        "thincone",
        tuple(
            Size(str(n), tuple({"levels": n, "k": k} for k in (10, 10**3, 10**6, 10**9)), Bound(0.2), n == 3)
            for n in range(1, 7)
        ),
        {"open": {}, "shut": {"shut": True}},
        (),
    ),
)

#: Labels of the two groups of a row of formulas, by whether they are satisfiable.
ANSWERS = {True: "satisfiable", False: "unsatisfiable"}


def instances(row: Row, size: Size, most: int, variants: int | None = None) -> dict[str, list[Instance]]:
    """The instances of one size by group; at most ``most`` seeds, and ``variants`` variants, in each."""
    chosen = size.variants[:variants]
    if not row.groups:
        return _by_answer(row, size, min(most, len(row.seeds)))
    seeds: list[Arguments] = [{"seed": seed} for seed in row.seeds[:most]] or [{}]
    return {
        group: [Instance(row, size, group, {**variant, **more, **seed}) for variant in chosen for seed in seeds]
        for group, more in row.groups.items()
    }


def _by_answer(row: Row, size: Size, wanted: int) -> dict[str, list[Instance]]:
    found: dict[str, list[Instance]] = {label: [] for label in ANSWERS.values()}
    arguments = size.variants[0]
    for seed, answer in answers(arguments["variables"]):
        if answer is not None and len(found[ANSWERS[answer]]) < wanted:
            group = ANSWERS[answer]
            found[group].append(Instance(row, size, group, {**arguments, "seed": seed}))
        if all(len(group) == wanted for group in found.values()):
            break
    return found


_known: dict[int, list[bool | None]] = {}


def answers(variables: int) -> Iterator[tuple[int, bool | None]]:
    """Seed after seed, whether the formula of ratio 4.26 is satisfiable; None after a minute of CaDiCaL."""
    known = _known.setdefault(variables, [])
    clauses = (426 * variables + 50) // 100
    for seed in count():
        if seed == len(known):
            formula, _ = random_cnf(variables, clauses, 3, seed, False)
            known.append(satisfiable(formula.clauses, 60.0))
        yield seed, known[seed]
