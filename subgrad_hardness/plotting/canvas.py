"""Drawing without a display, and the same bytes for the same data: what all pictures share."""

from __future__ import annotations

import colorsys
import io
import os
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial, singledispatch
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable, write_file
from subgrad_hardness.common.words import missing_extra

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The kinds of files, by their suffix.  None of them gets a date.
_METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}

#: Colours that are told apart with every kind of sight (Okabe and Ito 2008), black left out.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

#: Axes need room beyond the largest number, which doubles give up to 1e308.
_LARGEST = 10**100
#: Columns and lines of a title's part.
_TITLE_WIDTH, _TITLE_LINES = 80, 2
_LABEL_WIDTH = 40

_STYLE: Any = {
    # Names come from users: what looks like a formula is none.
    "text.parse_math": False,
    "text.usetex": False,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "svg.hashsalt": "subgrad_hardness",
    "savefig.dpi": 150,
    "figure.constrained_layout.use": True,
}


def require_kind(path: str | os.PathLike[str]) -> str:
    """The suffix of a picture's name.  Raises ParameterError where it is none of .png, .svg and .pdf."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in _METADATA:
        raise ParameterError(f"{PurePath(path).name} does not end in .png, .svg or .pdf", place="output")
    return suffix


def require_matplotlib() -> None:
    """Raise ParameterError, saying what to install, where matplotlib is missing."""
    try:
        import matplotlib  # noqa: F401
    except Exception as problem:  # a broken package raises whatever it likes
        raise ParameterError(missing_extra("matplotlib", "plot", problem), place="plot") from None


def require_output(path: str | os.PathLike[str] | None) -> None:
    """Complain about a picture that could not be written before anything is computed for it.  None: none is written.

    Raises ParameterError for another suffix or without matplotlib, OutputError.
    """
    if path is not None and not isinstance(path, str | os.PathLike):
        raise ParameterError(f"a {type(path).__name__}, expected the name of a picture", place="output")
    if path is not None:
        require_kind(path)
    require_matplotlib()
    if path is not None:
        require_writable(path)


@singledispatch
def draw(answer: object) -> Figure:
    """The picture of an answer; the modules that draw kinds of them register how.  Raises ParameterError."""
    raise ParameterError(f"nothing that has a picture, but {type(answer).__name__}", place="answer")


def inline(answer: object) -> bytes | None:
    """The picture for notebooks, a PNG; None, so that they show the text, where there is none to be had."""
    try:
        return rendered(partial(draw, answer), ".png")
    except ParameterError:
        return None


def write_picture(path: str | os.PathLike[str] | None, draw: Callable[[], Figure]) -> None:
    """Draw, and write the file whole or not at all, its kind by its suffix.  None: nothing is drawn.

    Raises ParameterError for another suffix or without matplotlib, OutputError.
    """
    if path is None:
        return
    suffix = require_kind(path)
    require_matplotlib()
    data = rendered(draw, suffix)
    write_file(path, lambda: data)


def rendered(draw: Callable[[], Figure], suffix: str) -> bytes:
    """The bytes of a picture of this kind: the same for the same data."""
    data = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # a box stands for such a character
        figure_of(draw, lambda figure: figure.savefig(data, format=suffix[1:], metadata=_METADATA[suffix]))
    return data.getvalue()


@contextmanager
def styled() -> Iterator[None]:
    """For a block, the style of all pictures.  Raises ParameterError without matplotlib."""
    require_matplotlib()
    import matplotlib as mpl

    with mpl.rc_context(_STYLE):
        yield


def figure_of(draw: Callable[[], Figure], then: Callable[[Figure], None] = lambda _: None) -> Figure:
    """What is drawn, in the style of all pictures; ``then`` is done in it.

    Raises ParameterError without matplotlib.
    """
    with styled():
        figure = draw()
        then(figure)
    return figure


def number_of(value: Fraction) -> float:
    """Where a number is drawn.  Raises ParameterError for one that no axis can hold."""
    if abs(value) > _LARGEST:
        raise ParameterError("numbers beyond the range of a picture", place="plot")
    return float(value)


def printable(text: str) -> str:
    """A user's text on one line, without what no font or file can hold.

    A legend leaves out texts that begin with an underscore, so such a text gets a space before it.
    """
    clean = "".join(character if character.isprintable() else " " for character in text)
    words = " ".join(clean.split())
    return f" {words}" if words.startswith("_") else words


def label(text: str) -> str:
    """A user's text as the name of an axis or a curve: printable, and cut."""
    words = printable(text)
    return words if len(words) <= _LABEL_WIDTH else words[: _LABEL_WIDTH - 4] + " ..."


def title_lines(text: str) -> list[str]:
    """A text as the lines of a title: wrapped into lines of like lengths, and cut after two of them."""
    words = printable(text)
    lines = textwrap.wrap(words, _TITLE_WIDTH, max_lines=_TITLE_LINES, placeholder=" ...")
    if len(lines) < 2 or len(words) > _TITLE_LINES * _TITLE_WIDTH:
        return lines
    alike = textwrap.wrap(words, len(words) // len(lines) + 8)
    return alike if len(alike) == len(lines) else lines


def colours(count: int) -> list[tuple[float, float, float]]:
    """So many different colours: the palette while it lasts, else hues in steps of the golden ratio.

    Such steps keep neighbours apart, however many there are; brightness and saturation change in turn as well.
    """
    if count <= len(PALETTE):
        return [_red_green_blue(colour) for colour in PALETTE[:count]]
    depths = ((0.85, 0.80), (0.55, 0.95), (0.90, 0.50))
    return [
        colorsys.hsv_to_rgb(number * 0.6180339887498949 % 1.0, *depths[number % len(depths)]) for number in range(count)
    ]


def _red_green_blue(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
