"""``progress``: show how far calls are, in a notebook or on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

from subgrad_hardness.common.progress import hearing
from subgrad_hardness.common.terminal import LiveLine, TerminalLine, ticking


@contextmanager
def progress() -> Iterator[None]:
    """Show, while calls within the block run, how far they are.

    In a notebook that is a bar below the cell, with how long the rest may take where it is known how much there is to
    do; on a terminal one line on standard error; elsewhere nothing.  Where nothing is known, the time that has gone by
    is shown.  What is shown is gone at the end of the block.

    Returns
    -------
    context manager
        For ``with``; it gives nothing.

    Raises
    ------
    Nothing of its own.

    See Also
    --------
    check, census : take a ``progress`` of their own, a callable that hears the lines of one call.

    Notes
    -----
    It costs a call a line, at most five lines a second.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> with sh.progress():
    ...     found = sh.sample({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}, {"weight": [[1]]}]})
    >>> found.found.drawn
    1000
    """
    display = _notebook()
    if display is not None:
        bar = _Bar(display)
        with ticking(bar), hearing(bar):
            yield
    elif sys.stderr is not None and sys.stderr.isatty():
        line = TerminalLine(sys.stderr, "working")
        with ticking(line), hearing(line):
            yield
    else:
        yield


class _Bar(LiveLine):
    """A line below a cell, with a bar where the share of the work is known."""

    def __init__(self, display: Any) -> None:
        super().__init__("working")
        self._display, self._handle = display, None

    def _write(self, text: str) -> None:
        share = getattr(text, "share", None)
        bar = "" if share is None else f'<progress value="{share:.4f}" max="1"></progress> '
        self._render(f"{bar}<span>{escape(text)}</span>")

    def _erase(self) -> None:
        self._render("")

    def _render(self, markup: str) -> None:
        data = {"text/html": markup, "text/plain": ""}
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def _notebook() -> Any:
    """IPython's ``display``, where a notebook shows what it is given; else None."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or type(shell).__name__ == "TerminalInteractiveShell":
        return None
    from IPython.display import display

    return display
