"""Bounds by intervals and lines: above everything that slopes can give, and the same in both verifiers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as every
from pathlib import Path

import pytest
from support.both_verifiers import both
from support.second_trees import output_bound

from subgrad_hardness.certificate.chords import interval, most, ranges
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import dumps


def drawn(seed: int) -> tuple[dict[int, int], dict[int, dict[int, int]], list[int]]:
    """An output, kinks over two inputs and those before them, a direction."""
    stream = Stream(seed, "chords")
    size, count = 2, 2 + stream.below(6)
    forms = {
        kink: {variable: entry for variable in range(kink) if (entry := stream.integer(-3, 3)) and stream.below(3)}
        for kink in range(size, size + count)
    }
    output = {variable: stream.integer(-3, 3) for variable in range(size + count)}
    return output, forms, [stream.integer(-9, 9) for _ in range(size)]


def rational(form: dict[int, int]) -> dict[int, Fraction]:
    """As the second verifier has it."""
    return {variable: Fraction(factor) for variable, factor in form.items() if factor}


def test_no_slopes_exceed_them() -> None:
    less = 0
    for seed in range(60):
        output, forms, direction = drawn(seed)
        given = {index: (entry, entry) for index, entry in enumerate(direction)}
        found = most(output, forms, given)
        kinks = [rational(form) for _, form in sorted(forms.items())]
        assert found == output_bound(rational(output), list(map(Fraction, direction)), kinks.__getitem__)
        for slopes in every((0, 1), repeat=len(forms)):  # affine in each slope
            values = list(direction)
            for (_, form), slope in zip(sorted(forms.items()), slopes, strict=True):
                values.append(slope * sum(factor * values[variable] for variable, factor in form.items()))
            assert found >= sum(factor * values[variable] for variable, factor in output.items())
        less += found < interval(output, ranges(given, forms))[1]
    assert less > 20


#: relu(2 r - s) + relu(2 s - r) with r = relu x, s = relu y: along (1, 1) at most 4 by intervals, by lines less.
FOLDED = Program.from_layers([[[1, 0], [0, 1]], [[2, -1], [-1, 2]], [[1, 1]]])
BY_LINES = 4 - 2 * Fraction(2**21 // 3, 2**20)


@pytest.mark.parametrize("which", ["clarke", "autodiff"])
def test_a_leaf_by_lines(which: str, tmp_path: Path) -> None:
    """One leaf shows this bound and no smaller one, and both verifiers say so."""
    ones = (Fraction(1), Fraction(1))
    claim = Statement("outside", FOLDED.digest, which, vector=((Fraction(2), Fraction(2)),), functional=(ones,))
    for bound, verdict in ((BY_LINES, "verified"), (BY_LINES - Fraction(1, 10**9), "rejected")):
        certificate = claim._replace(bound=bound, tree=((-2,),)).dumps()
        assert both(dumps(FOLDED).encode(), certificate.encode(), tmp_path) == verdict
