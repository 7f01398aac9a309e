"""Coordinates: what is left of a form, thresholds included, and the direction that a point stands for."""

from __future__ import annotations

from subgrad_hardness.question.coordinates import Coordinates


def test_all_inputs_are_left_as_they_are() -> None:
    coordinates = Coordinates((0, 1, 2), 3)
    assert coordinates.dimension == 3
    assert coordinates.restrict(((0, 5), (2, -1))) == ((0, 5), (2, -1))
    assert coordinates.extend((4, 5, 6)) == (4, 5, 6)


def test_chosen_inputs_are_renumbered_and_the_others_are_forgotten() -> None:
    coordinates = Coordinates((1, 3), 4)
    assert coordinates.dimension == 2
    assert coordinates.restrict(((0, 7), (1, 5), (3, -1))) == ((0, 5), (1, -1))
    assert coordinates.extend((4, 5)) == (0, 4, 0, 5)


def test_thresholds_come_after_the_inputs() -> None:
    """Threshold number k is the variable -1 - k; those from 2 on are coordinates here."""
    for chosen, inputs, expected in (((0, 1), 2, (0, 5)), ((1,), 2, None)):
        coordinates = Coordinates(chosen, inputs, range(2, 5))
        count = len(chosen)
        assert coordinates.dimension == count + 3
        left = () if expected is None else (expected,)
        assert coordinates.restrict(((-5, 2), (-3, 1), (0, 5))) == (*left, (count + 2, 2), (count, 1))
        point = coordinates.extend((*range(1, count + 1), 7, 8, 9))
        assert point == ((1, 2) if count == 2 else (0, 1))
