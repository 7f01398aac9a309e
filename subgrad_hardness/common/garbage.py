"""Python's garbage collector, with next to nothing to find: nets and proofs are millions of tuples without cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects between two collections; Python's default, 700, is for small heaps.
_NEW_OBJECTS = 50_000


@contextmanager
def no_collections() -> Iterator[None]:
    """Look for no cycles meanwhile.

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


def collect_rarely() -> None:
    """Look for cycles less often, from now on.

    For processes that are ours alone, because it changes the whole process: without it every tenth second is spent on
    looking.
    """
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


def collect_no_more() -> None:
    """Look for no cycles among what is there now, not even when the process ends.

    For processes that are about to end: the interpreter otherwise walks over all modules and nets once more.
    """
    gc.freeze()
