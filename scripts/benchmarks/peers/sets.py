"""The sets of families of the benchmark, and all their rows."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from peers.families import ROWS as HARDNESS
from peers.families import Row
from peers.twice import TWICE

#: Rows by the name of their set: sources of hardness, and programs that are written twice.
SETS: Mapping[str, tuple[Row, ...]] = {"hardness": HARDNESS, "minmax-twice": TWICE}

ROWS: tuple[Row, ...] = tuple(row for rows in SETS.values() for row in rows)


def add_set_option(parser: argparse.ArgumentParser) -> None:
    """The option ``--set`` of the scripts; ``chosen`` reads it."""
    parser.add_argument("--set", choices=SETS, help="only the families of this set (default: of all sets)")


def chosen(name: str | None) -> tuple[Row, ...]:
    """The rows of that set, or of all."""
    return ROWS if name is None else SETS[name]
