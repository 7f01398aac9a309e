"""Claims about the whole subdifferential: a true one of each kind is accepted, and what it becomes when it is made
false is not.  The corpus has more, and the second verifier sees the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from support.fixture_nets import fixture

from subgrad_hardness.api.verify import verify
from subgrad_hardness.certificate.derived import difference, directional, homogenised, shifted, subadditive
from subgrad_hardness.certificate.format import load_certificate
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.statement import KEYS, Statement
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Refuted

ABS = Program.from_text("inputs x; f = abs x; outputs f")
SADDLE = Program.from_text("inputs x y; a = abs x; b = abs y; f = a - b; outputs f")
FOLD = Program.from_text("inputs x; f = abs x; g = f + x - 1; outputs g; point 0")
#: x, written with two kinks: backpropagation gives 0, 1 or 2.
FALSE = Program.from_text("inputs x; a = relu x; m = -x; b = relu m; f = a - b; outputs f")

LEFT, RIGHT = DirectionMatrix(((Fraction(-1),),), ()), DirectionMatrix((), (0,))
#: x > 0 or -x > 0 for relu 0 (of x), then relu 1 (of -x).
SIGNS = ((0,), (1,), (-1, 0, 1, 1, 1), (-2,), (1,), (-2,), (-1, 0, 1, 1, 1))


def numbers(*entries: int | str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, entries))


def argued(made: Program, goals: Sequence[OneSided], constraints: Sequence[Sequence[int]] = ()) -> Any:
    answer = Asker(made).ask(goals, constraints)
    assert isinstance(answer, Refuted)
    return answer.argument


def both_signs(size: int, row: Sequence[Fraction], constant: Fraction) -> list[OneSided]:
    return [OneSided(((0, Fraction(sign)),), (*(sign * entry for entry in row), sign * constant)) for sign in (1, -1)]


def bounded(kind: str, program: Program, direction: tuple[Fraction, ...], bound: Fraction, **more: Any) -> Statement:
    size = program.input_count
    goal = OneSided(((0, Fraction(1)),), (*(Fraction(0),) * size, bound))
    argument = argued(shifted(program, direction), [goal], [(*(0,) * size, 1)])
    return Statement(
        kind, program.digest, outputs=numbers(1), direction=direction, bound=bound, argument=argument, **more
    )


Stated = dict[str, tuple[Program, Statement, Program | None]]


def of_sets() -> Stated:
    """Members, bounds and all of a set."""
    one, zero, slope = numbers(1), numbers(0), Fraction(1)
    halves = numbers("1/2", "1/2")
    made: Stated = {}

    def add(name: str, program: Program, statement: Statement) -> None:
        made[name] = program, statement, None

    for place, name in enumerate(("lexicographic", "clarke")):
        claim = Statement("member", ABS.digest, name, vector=(numbers(-1),), weights=one, directions=(LEFT,))
        add(f"member {name}", ABS, claim)
        tree = Statement("outside", ABS.digest, name, vector=(numbers(3),), functional=(one,), bound=slope, tree=SIGNS)
        add(f"outside {name} by tree", ABS, tree if place else tree._replace(functional=(), bound=Fraction(0)))
    claim = Statement("member", ABS.digest, "clarke", vector=(zero,), weights=halves, directions=(LEFT, RIGHT))
    add("member clarke of two", ABS, claim)
    claim = Statement("member", FALSE.digest, "autodiff", vector=(numbers("3/2"),), weights=one)
    add("member autodiff", FALSE, claim._replace(slopes=(((0, slope), (1, Fraction(1, 2))),)))
    add("outside clarke", ABS, bounded("outside", ABS, one, slope, set="clarke", vector=(numbers("1.01"),)))
    claim = Statement("outside", FALSE.digest, "autodiff", vector=(numbers("2.01"),), functional=(one,))
    add("outside autodiff", FALSE, claim._replace(bound=Fraction(2), tree=((-2,),)))
    add("support", ABS, bounded("support", ABS, one, slope, set="clarke", directions=(RIGHT,)))
    claim = Statement("support", FALSE.digest, "autodiff", functional=(one,), bound=Fraction(2))
    add("support autodiff", FALSE, claim._replace(slopes=(((0, slope), (1, slope)),), tree=((-2,),)))
    lifted = fixture("|x|+2y")
    across = DirectionMatrix((numbers(1, 0),), (1,)), DirectionMatrix((numbers(-1, 0),), (1,))
    least = bounded("shortest", lifted, numbers(0, -2), Fraction(-4), set="clarke", vector=(numbers(0, 2),))
    least = least._replace(outputs=(), direction=(), bound=Fraction(0), weights=halves, directions=across)
    add("shortest", lifted, least)
    claim = Statement("shortest", ABS.digest, "clarke", vector=(zero,), weights=halves, directions=(LEFT, RIGHT))
    add("shortest by tree", ABS, claim._replace(tree=((-2,),)))
    add("complete", ABS, Statement("complete", ABS.digest, directions=(LEFT, RIGHT), tree=SIGNS))
    return made


def of_functions() -> Stated:
    """Stationarity, regularity, regions, two nets."""
    zero, slope = numbers(0), Fraction(1)
    minimum = argued(directional(ABS), [OneSided(((0, -slope),), zero)])
    plane = argued(directional(SADDLE), [OneSided(((0, -slope),), numbers(0, 0))], [(1, 1), (1, -1)])
    convex = argued(subadditive(ABS), [OneSided(((0, slope),), numbers(0, 0))])
    flat = argued(homogenised(FOLD), both_signs(1, numbers(2), Fraction(-1)), [(-1, 5), (1, -1), (0, 1)])
    twin = Program.from_text("inputs x; a = relu x; f = 2 a - 1; outputs f")
    same = argued(homogenised(difference(FOLD, twin)), both_signs(1, zero, Fraction(0)), [(0, 1)])
    made: Stated = {"minimum": (ABS, Statement("minimum", ABS.digest, argument=minimum), None)}

    def add(statement: Statement, program: Program, other: Program | None = None, name: str | None = None) -> None:
        made[name or statement.kind] = program, statement, other

    cone = (numbers(1, 1), numbers(1, -1))
    claim = Statement("minimum", SADDLE.digest, constraints=cone, interior=numbers(1, 0), argument=plane)
    add(claim, SADDLE, name="minimum within")
    add(Statement("descent", SADDLE.digest, constraints=(numbers(0, 1),), direction=numbers(0, 1)), SADDLE)
    add(Statement("regular", ABS.digest, argument=convex), ABS)
    add(Statement("irregular", SADDLE.digest, base=numbers(0, 1), direction=numbers(0, -1)), SADDLE)
    box = (numbers(1, 5), numbers(-1, -1))
    claim = Statement("affine", FOLD.digest, constraints=box, interior=numbers(3), argument=flat)
    add(claim._replace(matrix=(numbers(2),), offset=numbers(-1)), FOLD)
    claim = Statement("bent", FOLD.digest, constraints=(numbers(1, 1), numbers(-1, 1)), point=zero)
    add(claim._replace(directions=(LEFT, RIGHT)), FOLD)
    add(Statement("equal", FOLD.digest, other=twin.digest, interior=zero, argument=same), FOLD, twin)
    claim = Statement("different", FOLD.digest, other=ABS.digest, constraints=(numbers(1, 5),), point=numbers(5))
    add(claim, FOLD, ABS)
    return made


STATEMENTS = {**of_sets(), **of_functions()}


def test_every_kind_is_here() -> None:
    assert {statement.kind for _, statement, _ in STATEMENTS.values()} == set(KEYS)


@pytest.mark.parametrize("name", STATEMENTS)
def test_true_claims_are_accepted(name: str) -> None:
    program, statement, other = STATEMENTS[name]
    assert verify_certificate(program, statement, other) == statement.kind
    assert load_certificate(statement) == statement
    assert load_certificate(statement.to_json()) == statement
    assert repr(verify(program, statement, other=other)) == f"VERIFIED {statement.kind}"


#: name -> (statement, changes): what makes it false, or leaves it without proof.
FALSE_CLAIMS: dict[str, tuple[str, dict[str, Any]]] = {
    "another vector": ("member clarke", {"vector": (numbers(1),)}),
    "weights above 1": ("member clarke of two", {"weights": numbers("1/2", "2/3")}),
    "a negative weight": ("member clarke of two", {"weights": numbers("3/2", "-1/2"), "vector": (numbers(-2),)}),
    "two members of d_L": ("member clarke of two", {"set": "lexicographic"}),
    "a slope above 1": ("member autodiff", {"slopes": (((0, Fraction(3, 2)),),)}),
    "the vector inside": ("outside clarke", {"vector": (numbers(1),)}),
    "a bound too low": ("outside clarke", {"bound": Fraction(1, 2)}),
    "an argument about the autodiff set": ("outside clarke", {"set": "autodiff"}),
    "an interval too wide": ("outside autodiff", {"bound": Fraction(1), "vector": (numbers("3/2"),)}),
    "not attained": ("support", {"directions": (LEFT,)}),
    "not the shortest": ("shortest", {"vector": (numbers("1/2", 2),), "weights": numbers("3/4", "1/4")}),
    "a member left out": ("complete", {"directions": (LEFT,)}),
    "an open branch closed": ("complete", {"tree": (*SIGNS[:3], (-1, 0, 1, 1, 1), *SIGNS[4:])}),
    "a tree cut off": ("complete", {"tree": SIGNS[:-1]}),
    "two trees": ("complete", {"tree": (*SIGNS, (-2,))}),
    "a leaf too early": ("complete", {"tree": ((-2,),)}),
    "a vector of d_L": ("outside lexicographic by tree", {"vector": (numbers(1),)}),
    "no constraint": ("minimum within", {"constraints": ()}),
    "a point outside": ("minimum within", {"interior": numbers(0, 1)}),
    "no descent": ("descent", {"direction": numbers(1, 0)}),
    "descent outside": ("descent", {"direction": numbers(0, -1)}),
    "subadditive there": ("irregular", {"direction": numbers(0, 1)}),
    "another matrix": ("affine", {"matrix": (numbers(3),)}),
    "another offset": ("affine", {"offset": numbers(0)}),
    "a wider region": ("affine", {"constraints": (numbers(1, 5), numbers(-1, 1))}),
    "a kink on the border": ("bent", {"constraints": (numbers(1, 0),)}),
    "one Jacobian twice": ("bent", {"directions": (LEFT, LEFT)}),
    "no kink": ("bent", {"point": numbers("1/2")}),
    "another net": ("equal", {"other": ABS.digest}),
    "the same value": ("different", {"point": numbers(1)}),
    "a point beyond": ("different", {"point": numbers(6)}),
}


@pytest.mark.parametrize("change", FALSE_CLAIMS)
def test_false_claims_are_rejected(change: str) -> None:
    name, fields = FALSE_CLAIMS[change]
    program, statement, other = STATEMENTS[name]
    with pytest.raises(Rejected):
        verify_certificate(program, statement._replace(**fields), other)


@pytest.mark.parametrize("name", STATEMENTS)
def test_arguments_and_trees_are_needed(name: str) -> None:
    """Without its last step no proof is one, unless nothing had to be proved."""
    program, statement, other = STATEMENTS[name]
    if statement.argument is not None and statement.argument.derivation:
        cut = statement._replace(argument=statement.argument._replace(derivation=()))
        with pytest.raises(Rejected):
            verify_certificate(program, cut, other)
    for start, end in pairwise(range(len(statement.tree))):
        with pytest.raises(Rejected):
            verify_certificate(program, statement._replace(tree=statement.tree[:start] + statement.tree[end:]), other)


@pytest.mark.parametrize("name", STATEMENTS)
def test_claims_are_bound_to_their_nets(name: str) -> None:
    program, statement, other = STATEMENTS[name]
    moved = program.at([1] * program.input_count)
    with pytest.raises(Rejected, match="digests differ"):
        verify_certificate(moved, statement, other)
    with pytest.raises(Rejected, match="the claim is about"):
        verify_certificate(program, statement, ABS if other is None else None)


@pytest.mark.parametrize(
    ("name", "change", "place"),
    [
        ("member clarke", lambda data: data.pop("weights"), "no weights"),
        ("member clarke", lambda data: data.update(note=1), "note"),
        ("member clarke", lambda data: data.update(set="convex"), "set"),
        ("member autodiff", lambda data: data.update(slopes=[[0]]), "slopes[0]"),
        ("outside clarke", lambda data: data.update(tree=[[-2]]), "tree"),
        ("complete", lambda data: data.update(tree=[[-1, 0]]), "tree[0]"),
        ("complete", lambda data: data.update(tree=[[]]), "tree[0]"),
        ("complete", lambda data: data.update(tree=[[-3]]), "tree[0]"),
        ("minimum", lambda data: data["argument"].pop("kinks"), "no kinks"),
        ("equal", lambda data: data.update(other="ab"), "other"),
    ],
)
def test_unreadable_claims(name: str, change: Callable[[dict[str, Any]], Any], place: str) -> None:
    data = STATEMENTS[name][1].to_json()
    change(data)
    with pytest.raises(CertificateError) as raised:
        load_certificate(data)
    assert place in str(raised.value)
