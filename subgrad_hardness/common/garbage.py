"""Python's garbage collector, which has nothing to find where nets are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collections() -> Iterator[None]:
    """Look for no cycles meanwhile: nets are millions of tuples, none of them in a cycle.

    For work that keeps most of what it makes and is linear in its input: every second of reading a large net would be
    spent on looking.  It holds for the whole process, and other threads; what is not in a cycle is freed as ever.
    """
    if not gc.isenabled():  # by somebody else, who will see to it
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
