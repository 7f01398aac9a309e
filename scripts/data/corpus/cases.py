"""One row of the tables: a certificate, what is changed in it, and what has to come of it."""

from __future__ import annotations

from typing import NamedTuple

from corpus.edits import Edit

#: The base of cases that start from nothing: a ``distinct`` or ``unique`` certificate without content.
NEW_DISTINCT, NEW_UNIQUE = "new distinct", "new unique"


class Case(NamedTuple):
    """``base`` with ``edits``, for the net ``net`` (None: that of the base).

    ``reason`` is what a verifier says about it, or None if it is true nevertheless.  ``bound``: it
    carries the digest of its net.
    """

    base: str
    name: str
    reason: str | None
    edits: tuple[Edit, ...]
    net: str | None = None
    bound: bool = True

    @property
    def file(self) -> str:
        """The name of its file."""
        start = self.net if self.base in (NEW_DISTINCT, NEW_UNIQUE) else self.base
        return f"{start}--{self.name}.json"


def true(base: str, name: str, *edits: Edit, net: str | None = None) -> Case:
    """A change that leaves a proof a proof."""
    return Case(base, name, None, edits, net)


def false(base: str, name: str, reason: str, *edits: Edit, net: str | None = None) -> Case:
    """A change after which nothing is proved."""
    return Case(base, name, reason, edits, net)


def foreign(base: str, name: str, net: str) -> Case:
    """A certificate as it is, for another net or another point."""
    return Case(base, name, "the certificate is for another net or another point", (), net, bound=False)
