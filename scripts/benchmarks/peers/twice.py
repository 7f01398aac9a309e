"""What is measured: programs that people write twice, equal (``unique``) or with one weight moved (``distinct``).

The bounds are those of the issue that asked for equal min-max programs to be decided.  Where there are several usual
second programs, each has a group of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from peers.families import Arguments, Bound, Row, Size

_MOVED: Arguments = {"moved": True}
_EQUAL: Mapping[str, Arguments] = {"equal": {}, "moved": _MOVED}
#: The same net for each seed, unless it is moved: one is enough.
_ONE: tuple[int, ...] = ()


def _sizes(name: str, bounds: Mapping[int, float | None]) -> tuple[Size, ...]:
    """Sizes of one parameter, with the bounds in seconds; the first is the quick one."""
    return tuple(
        Size(str(size), ({name: size},), None if bound is None else Bound(bound), place == 0)
        for place, (size, bound) in enumerate(bounds.items())
    )


def _size(label: str, seconds: float | None, quick: bool, **arguments: int) -> Size:
    return Size(label, (arguments,), None if seconds is None else Bound(seconds), quick)


TWICE = (
    Row(
        "median",
        "median by two sorting networks, inputs",
        "sorting",
        _sizes("inputs", {5: None, 8: None, 12: None, 16: 1, 32: 10}),
        {
            "odd-even merge and bitonic": {"first": "merge", "second": "bitonic"},
            "merge exchange and bitonic": {"first": "oddeven", "second": "bitonic"},
            "odd-even merge and bubble": {"first": "merge", "second": "bubble"},
            "moved": _MOVED,
        },
        _ONE,
    ),
    Row(
        "ranks",
        "all ranks by two sorting networks, inputs",
        "sorting",
        _sizes("inputs", {4: None, 8: None, 16: 2}),
        {
            "odd-even merge and bitonic": {"what": "all", "first": "merge", "second": "bitonic"},
            "odd-even merge and bubble": {"what": "all", "first": "merge", "second": "bubble"},
            "moved": {"what": "all", **_MOVED},
        },
        _ONE,
    ),
    Row(
        "maximum",
        "maximum as a tree and by sorting, inputs",
        "sorting",
        _sizes("inputs", {6: None, 32: None, 64: None, 256: 2}),
        {
            "odd-even merge": {"what": "maximum", "first": "oddeven"},
            "bitonic": {"what": "maximum", "first": "bitonic"},
            "moved": {"what": "maximum", "first": "tree", "second": "bitonic", **_MOVED},
        },
        _ONE,
    ),
    Row(
        "scan",
        "running maxima two ways, inputs",
        "scan",
        _sizes("inputs", {6: None, 16: None, 64: None, 128: 2}),
        {"Kogge-Stone": {}, "Blelloch": {"second": "blelloch"}, "moved": _MOVED},
        _ONE,
    ),
    Row(
        "pooling",
        "max-pooling 3 x 3 in one pass and in two, pixels a side",
        "pooling",
        _sizes("height", {3: None, 5: None, 12: None, 28: 2}),
        _EQUAL,
        _ONE,
    ),
    Row(
        "pooling-twice",
        "2 x 2 pooling twice and 4 x 4 once, windows",
        "pooling",
        tuple(
            _size(str(windows), bound, windows == 1, height=side)
            for windows, side, bound in ((1, 4, None), (16, 16, None), (64, 32, 2))
        ),
        {group: {"how": "twice", **more} for group, more in _EQUAL.items()},
        _ONE,
    ),
    Row(
        "pooling-convolved",
        "pooling under a convolution, pixels a side",
        "pooling",
        _sizes("height", {4: None, 6: None, 12: 5}),
        {group: {"top": "convolution", **more} for group, more in _EQUAL.items()},
        (0, 1, 2),
    ),
    Row(
        "absolute",
        "maximum norm by halves, inputs",
        "absolute",
        _sizes("inputs", {4: None, 16: None, 64: 5}),
        _EQUAL,
        _ONE,
    ),
    Row(
        "largest",
        "sum of the k largest and all subsets",
        "sorting",
        (
            _size("5, k = 2", None, True, inputs=5, k=2),
            _size("8, k = 4", 2, False, inputs=8, k=4),
            _size("10, k = 5", 20, False, inputs=10, k=5),
        ),
        {group: {"what": "largest", **more} for group, more in _EQUAL.items()},
        _ONE,
    ),
    Row(
        "products",
        "product of two maxima and all sums",
        "tropical",
        (
            # With 4 or 8 terms the balanced tree of the sums has the factors' trees as its subtrees: that is too easy.
            _size("5 terms, 3 inputs", None, True, terms=5, inputs=3),
            _size("7 terms, 4 inputs", None, False, terms=7, inputs=4),
            _size("12 terms, 6 inputs", None, False, terms=12, inputs=6),
        ),
        _EQUAL,
        (0, 1, 2),
    ),
    Row(
        "determinant",
        "tropical determinant, permutations and subsets, rows",
        "tropical",
        _sizes("size", {3: None, 4: None, 5: None, 6: None}),
        {group: {"what": "determinant", **more} for group, more in _EQUAL.items()},
        _ONE,
    ),
    Row(
        "shortestpath",
        "shortest path both ways, points a side",
        "shortestpath",
        _sizes("size", {3: None, 4: None, 6: 5, 8: 60}),
        _EQUAL,
        _ONE,
    ),
    Row(
        "isotonic",
        "isotonic regression, max-min and min-max, inputs",
        "isotonic",
        _sizes("inputs", {5: None, 8: None, 12: 5, 20: 60}),
        {"middle component": {}, "all components": {"all": True}, "moved": _MOVED},
        _ONE,
    ),
    Row(
        "totalvariation",
        "total variation and sorted sums, inputs",
        "totalvariation",
        _sizes("inputs", {4: None, 8: 5, 16: 60}),
        _EQUAL,
        _ONE,
    ),
)
