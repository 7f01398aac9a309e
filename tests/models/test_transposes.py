"""Transposes of linear maps over windows against sums written down one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from subgrad_hardness.models.exact.digits import carried, integers
from subgrad_hardness.models.exact.products import contracted, scattered, weight_digits
from subgrad_hardness.models.exact.transposes import Transpose
from subgrad_hardness.models.tensors import ABSENT


def windows(random: np.random.Generator) -> tuple[Any, int]:
    """Places of a convolution with random strides, padding, dilation, groups, and the size."""
    groups, channels, height, width = (int(n) for n in random.integers(1, [3, 5, 8, 8]))
    kernel, stride, dilation, pad = (random.integers(1, 4, 2), random.integers(1, 4, 2), random.integers(1, 3, 2), 1)
    rows = [list(range(-pad, height, stride[0])), list(range(-pad, width, stride[1]))]
    found = []
    for group in range(groups):
        for channel in range(channels):
            for i in range(kernel[0]):
                for j in range(kernel[1]):
                    term = []
                    for top in rows[0]:
                        for left in rows[1]:
                            y, x = top + i * dilation[0], left + j * dilation[1]
                            inside = 0 <= y < height and 0 <= x < width
                            place = ((group * channels + channel) * height + y) * width + x
                            term.append(place if inside else ABSENT)
                    found.append(term)
    return np.asarray(found, dtype=np.int64).reshape(groups, -1, len(found[0])), groups * channels * height * width


def digits(numbers: Any) -> Any:
    """Digits of integers below 2^59."""
    return carried(np.asarray(numbers, dtype=np.int64)[None].copy())


@pytest.mark.parametrize("seed", range(120))
def test_transposes(seed: int) -> None:
    random = np.random.default_rng(seed)
    places, size = windows(random)
    if seed % 4 == 0:  # no convolution: any places
        places = random.integers(ABSENT, size, places.shape)
    groups, terms, count = places.shape
    rows, batch = (int(n) for n in random.integers(1, 5, 2))
    most = int(random.choice([9, 2**22, 2**43]))  # one digit, one that two became, and two
    weights = random.integers(-most, most + 1, (groups, rows, terms))
    adjoints = random.integers(-(2**45), 2**45, (batch, groups * rows * count))
    expected = np.zeros((batch, size + 1), dtype=object)
    wide = adjoints.astype(object).reshape(batch, groups, rows, count)
    for group in range(groups):
        products = np.einsum("mk,bmn->bkn", weights[group].astype(object), wide[:, group])
        for row, product in zip(expected, products, strict=True):
            np.add.at(row, places[group], product)  # ABSENT is the last one
    split = weight_digits(digits(weights))
    transpose = Transpose(split, places, size)
    if seed % 4 and 2 * transpose.starts.shape[1] >= rows:
        assert transpose.classes  # convolutions are gathered
    for raw in (transpose.of(digits(adjoints)), scattered(split, digits(adjoints), places, size)):
        found = carried(raw)
        assert integers(found.reshape(len(found), -1)) == expected[:, :-1].reshape(-1).tolist()


def largest(length: int, top: int, size: tuple[int, ...], random: np.random.Generator) -> Any:
    """Digits as large as they can be, odd ones so that a sum beyond 2^53 is rounded, and mostly of one sign."""
    signs = np.where(random.random((length, *size)) < 0.02, -1, 1)
    made = signs * (2**19 - 1 - 2 * random.integers(0, 3, (length, *size)))
    made[-1] = signs[-1] * (top - 1 - 2 * random.integers(0, 3, size))
    return made


def plain(split: Any) -> Any:
    """The numbers that digits are."""
    return sum(digit.astype(object) << 20 * place for place, digit in enumerate(split.astype(np.int64)))


@pytest.mark.parametrize("top", [2**19, 2**24])
def test_products_of_the_largest_digits_are_exact(top: int) -> None:
    """As many terms as one floating-point sum holds, and some more."""
    random = np.random.default_rng(top)
    held = 2**34 // top
    for terms in (held, 2 * held - 1):
        split = largest(2, top, (1, 1, terms), random).astype(np.float32)
        sources = largest(2, 2**19, (2, terms), random)
        places = np.arange(terms, dtype=np.int64).reshape(1, terms, 1)
        found = carried(contracted(split, sources, places))
        assert integers(found.reshape(len(found), -1)) == (plain(sources) @ plain(split)[0, 0]).tolist()
        turned = np.ascontiguousarray(split.reshape(2, 1, terms, 1))
        found = carried(scattered(turned, sources, np.zeros((1, 1, 1), dtype=np.int64), 1))
        assert integers(found.reshape(len(found), -1)) == (plain(sources) @ plain(split)[0, 0]).tolist()


def test_weights_are_merged_as_long_as_float32_holds_them() -> None:
    for number, length in ((2**24 - 1, 1), (1 - 2**24, 1), (2**24 + 1, 2), (-1 - 2**24, 2)):
        split = weight_digits(digits(np.full((1, 1, 1), number)))
        assert len(split) == length and plain(split).item() == number


def test_sums_of_very_many_products_keep_all_their_carries() -> None:
    """One entry that so many windows read that the sums have to be carried before they are added up."""
    windows, weight, adjoint = 2**18 + 8, 2**24 - 1, 2**39 - 2**19 - 1  # the largest digits
    split = weight_digits(digits(np.full((1, 1, 1), weight)))
    raw = scattered(split, digits(np.full((1, windows), adjoint)), np.zeros((1, 1, windows), dtype=np.int64), 1)
    assert integers(carried(raw)[:, 0]) == [windows * weight * adjoint]


def test_long_weights_in_many_rows_are_not_too_many_products() -> None:
    rows, weight = 2**16, sum((2**19 - 1) << 20 * place for place in range(4)) + (7 << 80)
    split = weight_digits(np.broadcast_to(np.array([*[2**19 - 1] * 4, 7])[:, None, None, None], (5, 1, rows, 1)))
    raw = scattered(split, digits(np.full((1, rows), -(2**19))), np.zeros((1, 1, 1), dtype=np.int64), 1)
    assert integers(carried(raw)[:, 0]) == [-rows * weight * 2**19]
