"""Python's garbage collector in a process of our own."""

from __future__ import annotations

import gc

#: New objects between two collections; Python's default, 700, is for small heaps.
_NEW_OBJECTS = 50_000


def collect_rarely() -> None:
    """Look for cycles less often: nets and proofs are millions of tuples, and none of them in a cycle.

    For processes that are ours alone, because it changes the whole process: without it every tenth second is
    spent on looking.
    """
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
