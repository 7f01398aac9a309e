"""Max-pooling of an image of height x width inputs in two ways, an output for each window.

``how``:
    passes : windows of ``window`` x ``window`` in steps of 1, one max of all pixels, less maxima along the rows of
        maxima along the columns (max-pooling is separable);
    twice : pooled ``window`` x ``window``, and what comes out again, each window beside the next, less one pooling by
        windows of window^2 x window^2.
Where windows stand in the image whole only.  What is left at a margin is not read by ``twice``.

``top`` says what is made of the pooled image, in both ways: its ``windows`` themselves, their random weighted ``sum``,
or a random ``convolution`` of them (3 x 3, less where the pooled image is smaller).  ``filtered`` puts another random 3
x 3 convolution before the pooling: pixels are then linear forms that overlap, no inputs.  Weights are uniform nonzero
integers in -3..3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed
from subgrad_hardness.family.twice import Twice, difference_net, join
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

#: Rows of handles.
Image = list[list[int]]
Kernel = list[list[int]]

_KERNEL = 3


@dataclass(frozen=True, kw_only=True)
class PoolingValues(Values):
    """The parameters of ``pooling``."""

    height: int = integer("rows of the image", default=5, low=2, high=512)
    width: int | None = integer("columns of the image, by default as many", low=2, high=512)
    how: str = choice(
        "one pass less rows then columns; or twice less once with larger windows", ("passes", "twice"), default="passes"
    )
    window: int | None = integer("side of a window, by default 3 for passes, 2 for twice", low=2, high=16)
    top: str = choice("what is made of the pooled image", ("windows", "sum", "convolution"), default="windows")
    filtered: bool = flag("a random 3 x 3 convolution before the pooling")
    moved: bool = flag("double one argument of one node of the second way")
    seed: int = random_seed()


def _windows(image: Image, height: int, width: int, step: int) -> list[list[list[int]]]:
    """The pixels of all windows that fit, row by row."""
    return [
        [
            [image[y + v][x + u] for v in range(height) for u in range(width)]
            for x in range(0, len(image[0]) - width + 1, step)
        ]
        for y in range(0, len(image) - height + 1, step)
    ]


def _pooled(build: GraphBuilder, image: Image, height: int, width: int, step: int = 1) -> Image:
    return [[join(build, "max", pixels) for pixels in row] for row in _windows(image, height, width, step)]


def _convolved(build: GraphBuilder, image: Image, kernel: Kernel) -> Image:
    weights = [weight for row in kernel for weight in row]
    windows = _windows(image, len(kernel), len(kernel[0]), 1)
    return [[build.sum(zip(pixels, weights, strict=True)) for pixels in row] for row in windows]


def _kernel(stream: Stream, height: int, width: int) -> Kernel:
    def weight() -> int:
        return stream.integer(1, 3) * (1 - 2 * stream.below(2))

    return [[weight() for _ in range(width)] for _ in range(height)]


def programs(values: PoolingValues) -> Twice:
    """Both ways.  Raises ParameterError where no window fits."""
    height, width = values.height, values.width or values.height
    window = values.window or _SIDES[values.how]
    filtered = _KERNEL - 1 if values.filtered else 0
    side, step = (window, 1) if values.how == "passes" else (window * window, window * window)
    rows, columns = (1 + (size - filtered - side) // step for size in (height, width))
    if min(height, width) < side + filtered:
        needed = f"{side + filtered} rows and columns"
        raise ParameterError(f"{height} x {width} pixels, but a window needs {needed}", place="height")
    stream = Stream(values.seed, "pooling", height, width)
    before = _kernel(stream, _KERNEL, _KERNEL)
    after = _kernel(stream, *((rows, columns) if values.top == "sum" else (min(_KERNEL, rows), min(_KERNEL, columns))))

    def way(pool: Callable[[GraphBuilder, Image], Image], build: GraphBuilder) -> Sequence[int]:
        image = [list(range(row * width, (row + 1) * width)) for row in range(height)]
        if values.filtered:
            image = _convolved(build, image, before)
        image = pool(build, image)
        if values.top != "windows":
            image = _convolved(build, image, after)
        return [pixel for row in image for pixel in row]

    def once(build: GraphBuilder, image: Image) -> Image:
        return _pooled(build, image, side, side, step)

    def again(build: GraphBuilder, image: Image) -> Image:
        if values.how == "passes":
            return _pooled(build, _pooled(build, image, window, 1), 1, window)
        return _pooled(build, _pooled(build, image, window, window, window), window, window, window)

    return Twice(
        tuple(f"x{row}_{column}" for row in range(1, height + 1) for column in range(1, width + 1)),
        lambda build: way(once, build),
        lambda build: way(again, build),
        "a maximum over a window is the maximum of the maxima over its parts",
    )


_SIDES = {"passes": 3, "twice": 2}


def _make(values: PoolingValues, given: frozenset[str]) -> Program:
    window = values.window or _SIDES[values.how]
    how = "in one pass less two" if values.how == "passes" else "twice less once"
    top = "" if values.top == "windows" else f" under a {values.top}"
    filtered = " of a convolution" if values.filtered else ""
    size = f"{values.height} x {values.width or values.height}"
    name = f"max-pooling {window} x {window} {how}{top}, {size} pixels{filtered}"
    drawn = values.filtered or values.top != "windows"
    return difference_net(values, programs(values), POOLING.name, name, drawn=drawn)


POOLING = Family(
    name="pooling",
    summary="max-pooling in one pass less two, or twice less once with larger windows: equal; or one weight moved",
    values=PoolingValues,
    make=_make,
    example="--filtered",
    picture="""
        An image of inputs, and the largest pixel of each window: as one max of 9, less a max of 3 over the columns of
        maxima of 3 over the rows, which neighbouring windows share; or 2 x 2 on 2 x 2 less 4 x 4.  Zero for every
        window, and so for sums and convolutions of the windows, where the differences come mixed with both signs.
        Moved, one pixel or one maximum counts twice in a few windows.
    """,
)
