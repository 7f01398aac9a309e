"""Files that are damaged at random, and files that end too early."""

from __future__ import annotations

import random


def damaged(data: bytes, draw: random.Random) -> bytes:
    """The file with some bytes changed."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(max(1, len(changed)))
        kind = draw.randrange(4)
        if kind == 0 and changed:
            changed[place] = draw.randrange(256)
        elif kind == 1:
            del changed[place : place + draw.randint(1, 8)]
        elif kind == 2:
            changed[place:place] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 8)))
        elif draw.random() < 0.2:
            del changed[place:]
    return bytes(changed)


def flipped(data: bytes, draw: random.Random) -> bytes:
    """The file with one to eight bits flipped."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def truncated(files: dict[str, bytes], step: int = 97) -> dict[str, bytes]:
    """Every file cut off behind every ``step``-th byte."""
    return {f"{name}, {size} bytes": data[:size] for name, data in files.items() for size in range(0, len(data), step)}
