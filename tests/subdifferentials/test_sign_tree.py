"""Trees over signs: all Jacobians as the enumeration of cells has them, bounds that are tight, certificates."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.fixture_nets import FIXTURES, fixture

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.local.localise import localise
from subgrad_hardness.proof.distinct import direction_matrix
from subgrad_hardness.subdifferentials.functional import functional, product
from subgrad_hardness.subdifferentials.sign_tree import Above, Bounded, Listed, SignTree, TooMany
from subgrad_hardness.subdifferentials.tree_steps import sign_steps

SMALL = [name for name in FIXTURES if "1405" not in name]


@pytest.mark.parametrize("name", SMALL)
def test_the_list_is_complete(name: str) -> None:
    program = fixture(name)
    net = localise(program).net
    listed = SignTree(net).listed(Limits(), 10**6)
    assert isinstance(listed, Listed)
    rows = [piece.rows for piece in listed.pieces]
    assert set(rows) == {cell.rows for cell in cells(net)} and len(set(rows)) == len(rows)
    elements = [lock_branches(net, [piece.interior]) for piece in listed.pieces]
    assert [element.rows for element in elements] == rows
    tree = sign_steps(program, net, listed.tree, Limits(), decided=True)
    assert tree is not None
    directions = tuple([direction_matrix(element.directions) for element in elements])
    statement = Statement("complete", program.digest, directions=directions, tree=tree)
    assert verify_certificate(program, statement) == "complete"
    if len(directions) > 1:
        with pytest.raises(Rejected):
            verify_certificate(program, statement._replace(directions=directions[1:]))


@pytest.mark.parametrize("name", SMALL)
def test_a_bound_is_tight(name: str) -> None:
    """At the greatest value there is a tree, just below it a member."""
    net = localise(fixture(name)).net
    matrix = [[Fraction(1 + place + 2 * row, 3) for place in range(net.inputs)] for row in range(len(net.outputs))]
    asked = functional(net, matrix)
    best = max(asked.numerator(cell.rows) for cell in cells(net))
    assert Fraction(best, asked.denominator) == max(product(asked.matrix, net.scaled(cell.rows)) for cell in cells(net))
    tree = SignTree(net)
    assert isinstance(tree.bounded(asked, best, Limits()), Bounded)
    above = tree.bounded(asked, best - 1, Limits())
    assert isinstance(above, Above) and asked.numerator(above.piece.rows) == best
    assert lock_branches(net, [above.piece.interior]).rows == above.piece.rows


def test_branches_are_counted() -> None:
    net = localise(fixture("3-8-8-1")).net
    tree = SignTree(net)
    assert isinstance(tree.listed(Limits(), 5), TooMany)
    asked = functional(net, [[1, 2, 3]])
    best = max(asked.numerator(cell.rows) for cell in cells(net))
    stopped = tree.bounded(asked, best, Limits.seconds(-1))
    assert isinstance(stopped, TooMany) and stopped.high is not None and stopped.high > best
    with pytest.raises(LimitReached):
        tree.listed(Limits.seconds(-1), 10**6)
