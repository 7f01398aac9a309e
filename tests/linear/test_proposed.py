"""Points of cones that floats propose: what is given back is one, and independent forms have one."""

from __future__ import annotations

from operator import mul

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.linear.proposed import proposed_point


def test_points_are_inside_whatever_the_forms_look_like() -> None:
    stream, found = Stream(0, "proposed"), 0
    for case in range(40):
        bits = (4, 60, 3000)[case % 3]
        forms = [stream.signed(30, bits) for _ in range(stream.integer(1, 28))]
        point = proposed_point(forms)
        if point is not None:
            found += 1
            assert all(sum(map(mul, form, point)) > 0 for form in forms)
            assert max(map(abs, point)) <= 2**40
    assert found > 36  # of independent forms all, but for rounding


def test_none_is_no_proof_and_comes_of_cones_that_are_empty() -> None:
    assert proposed_point([(1, 0), (-1, 0)]) is None
    assert proposed_point([(1, 1), (1, -1), (-1, 0)]) is None
    assert proposed_point([(0, 10**400, 1), (3, 0, -(10**400))]) is not None
