"""Drawing without a display, and the same bytes for the same data: what all pictures share."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_file

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

_STYLE: Any = {
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
    except ImportError:
        raise ParameterError("needs matplotlib: pip install 'subgrad_hardness[plot]'", place="plot") from None


def write_picture(path: str | os.PathLike[str], draw: Callable[[], Figure]) -> None:
    """Draw, and write the file whole or not at all, its kind by its suffix.

    Raises ParameterError for another suffix or without matplotlib, OutputError.
    """
    suffix = require_kind(path)
    require_matplotlib()
    import matplotlib as mpl

    data = io.BytesIO()
    try:
        with mpl.rc_context(_STYLE):
            draw().savefig(data, format=suffix[1:], metadata=_METADATA[suffix])
    except OverflowError:
        raise ParameterError("numbers beyond the range of a picture", place="plot") from None
    write_file(path, data.getvalue)
