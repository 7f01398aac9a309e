"""All Jacobians of a net, found by several processes, and kept in a file from which a later run goes on.

The space of each independent block is cut into disjoint cones (``derivative.tree``), as late as possible: a process
looks into a bundle of cones for about a second, then says what it found and which cones it has not looked into.  Where
a process has nothing to do, another one's bundle is dealt out to both.  What was found and what is left are one report,
and one line of the file; so that after any end whatever, what the file holds and what is left are all there is.

A block of one layer is listed in bulk by this process, faster than processes could send Jacobians or a file give them
back.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import ignore, listener
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.blocks import Block, blocks
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.counting import count_flat_pieces
from subgrad_hardness.derivative.pieces import added, flat_pieces, linear_part, tree_of_pieces
from subgrad_hardness.derivative.tree import Cone, NoBranchError, space
from subgrad_hardness.local.local_net import LocalNet, Rows
from subgrad_hardness.normal_form.flatten import FlatNet, flatten
from subgrad_hardness.processes.choice import workers_for
from subgrad_hardness.processes.here import Here
from subgrad_hardness.processes.workers import Workers, WorkersLost
from subgrad_hardness.subdifferentials.exploring import Bundle, Exploring, Report, Task, lost

if TYPE_CHECKING:
    from subgrad_hardness.subdifferentials.listing_file import ListingFile

#: Seconds that a process looks into a bundle: at first, while there is not one for each, and later.
FIRST_SECONDS, SECONDS = 0.2, 1.0
#: So many processes may die at the same bundle before the enumeration is given up.
MOST_DEATHS = 3


class Plan(NamedTuple):
    """How Jacobians are listed: by so many processes, and kept in the file ``resume`` (None: not kept)."""

    jobs: int = 1
    resume: str | os.PathLike[str] | None = None

    @property
    def simple(self) -> bool:
        """Whether one process lists them and forgets them."""
        return self.jobs == 1 and self.resume is None


def listed(net: LocalNet, digest: str, plan: Plan, limits: Limits) -> Generator[LinearPiece]:
    """Every Jacobian that rules on an open cone once, as found: in no fixed order.

    Parameters
    ----------
    net : the localised net.
    digest : of the net and its point, by which a file is known.

    Raises
    ------
    LimitReached
        Also where processes cannot be started, or die again and again.
    OutputError, ParameterError
        The file cannot be written, is in use, or is another net's.
    """
    flat = flatten(net, limits)
    parts = _parts(flat)
    linear = linear_part(flat)
    with _begun(parts, digest, plan, limits) as (listing, workers):
        if not parts:
            yield LinearPiece(linear, (1, *(0,) * (net.inputs - 1)))
            return
        for chosen in listing.combinations(workers):
            limits.check()
            yield added(linear, [part.widened(piece) for part, piece in zip(parts, chosen, strict=True)])


def counted(net: LocalNet, digest: str, plan: Plan, limits: Limits) -> int:
    """How many ``listed`` would give: the product over the blocks.  Raises what that does."""
    with _begun(_parts(flatten(net, limits)), digest, plan, limits) as (listing, workers):
        return listing.number(workers)


def _parts(flat: FlatNet) -> list[Block]:
    """The blocks in the order of the file; the longest enumeration is the one that is not waited for."""
    return sorted(blocks(flat), key=lambda block: -len(block.kinks))


@contextmanager
def _begun(
    parts: Sequence[Block], digest: str, plan: Plan, limits: Limits
) -> Iterator[tuple[_Listing, Workers[Task, Report]]]:
    """The listing, as the file has it, and the processes."""
    listing = _Listing([part.flat for part in parts], limits)
    with ExitStack() as stack:
        if plan.resume is not None:
            listing.keep_in(stack.enter_context(_opened(plan.resume, digest, listing)))
        yield listing, stack.enter_context(_workers(listing.flats, plan.jobs))


class _Listing:
    """What is known of the blocks: the Jacobians found, and the cones that are left.

    ``orders`` says what cones mean in each.
    """

    def __init__(self, flats: Sequence[FlatNet], limits: Limits) -> None:
        self.flats, self._limits = tuple(flats), limits
        self._found: list[dict[Rows, LinearPiece]] = [{} for _ in flats]
        self._trees = [tree_of_pieces(flat, limits) for flat in flats]
        self._bulk = {number for number, tree in enumerate(self._trees) if tree is None}
        self._left = [set() if number in self._bulk else {space(flat.inputs)} for number, flat in enumerate(flats)]
        self._file: ListingFile | None = None

    @property
    def orders(self) -> list[str]:
        return ["bulk" if tree is None else tree.order for tree in self._trees]

    def keep_in(self, file: ListingFile) -> None:
        """Go on from what the file holds, and keep what is reported in it.  Raises ParameterError."""
        lines: dict[tuple[int, Cone], int] = {}  # in which cones are left
        for number, report in enumerate(file.reports(), start=2):
            block = report.bundle.block
            if not self._left[block].issuperset(report.bundle.cones):
                raise file.refused(number)
            lines |= dict.fromkeys([(block, cone) for cone in report.left], number)
            self._take(report)
        for block, (tree, cones) in enumerate(zip(self._trees, self._left, strict=True)):
            for cone in sorted(cones):
                try:
                    if tree is not None:
                        tree.branch(cone)
                except NoBranchError:
                    raise file.refused(lines[block, cone]) from None
        self._file = file

    def combinations(self, workers: Workers[Task, Report]) -> Iterator[tuple[LinearPiece, ...]]:
        """A Jacobian of each block, in all ways, as soon as all but those of the first block are known."""
        for number in self._bulk - {0}:
            self._found[number] = {piece.rows: piece for piece in flat_pieces(self.flats[number], self._limits)}
        given = 0
        for _ in self._explored(workers):
            if not any(self._left[1:]):
                first = list(islice(self._found[0].values(), given, None))
                given += len(first)
                yield from product(first, *[known.values() for known in self._found[1:]])
        if 0 in self._bulk:
            rest = [tuple(known.values()) for known in self._found[1:]]
            for piece in flat_pieces(self.flats[0], self._limits):
                yield from product([piece], *rest)

    def number(self, workers: Workers[Task, Report]) -> int:
        """Of all combinations."""
        for _ in self._explored(workers):
            pass
        bulk = [count_flat_pieces(self.flats[number], self._limits) for number in sorted(self._bulk)]
        return prod([*bulk, *[len(known) for number, known in enumerate(self._found) if number not in self._bulk]])

    def _explored(self, workers: Workers[Task, Report]) -> Iterator[None]:
        """Have all cones that are left looked into; a step is a report, and the first step is before them all."""
        waiting = [Bundle(block, tuple(sorted(cones))) for block, cones in enumerate(self._left) if cones]
        deaths: dict[Bundle, int] = {}
        running, patience, told = 0, 1.0, listener() or ignore
        try:
            yield
            while waiting or running:
                while waiting and running < workers.processes:
                    few = len(waiting) + running < workers.processes
                    if few:
                        _deal(waiting)
                    bundle = waiting.pop()
                    seconds = min((FIRST_SECONDS if few else SECONDS) * patience, self._limits.remaining / 2)
                    workers.submit(Task(bundle, seconds))
                    running += 1
                report = workers.next(self._limits)
                running -= 1
                if report.end is not None:
                    deaths[report.bundle] = deaths.get(report.bundle, 0) + 1
                    if deaths[report.bundle] == MOST_DEATHS:
                        raise LimitReached(report.end)
                elif report.left == report.bundle.cones:  # one step of the walk takes longer
                    patience *= 2
                elif self._file is not None:
                    self._file.keep(report)
                self._take(report)
                told(self._said())
                if report.left:
                    waiting.append(Bundle(report.bundle.block, report.left))
                    waiting.sort(key=_block_of)  # the first block is the one that is not waited for
                yield
        except WorkersLost as problem:
            raise LimitReached(str(problem)) from None

    def _take(self, report: Report) -> None:
        block, cones = report.bundle
        self._left[block].difference_update(cones)
        self._left[block].update(report.left)
        for piece in report.found:
            self._found[block].setdefault(piece.rows, piece)

    def _said(self) -> str:
        found = " x ".join([str(len(known)) for known in self._found])
        return f"{found} lexicographic subgradients, {count(sum(map(len, self._left)), 'cone')} left"


def _block_of(bundle: Bundle) -> int:
    return bundle.block


def _deal(waiting: list[Bundle]) -> None:
    """Make two of the longest bundle, if it has two cones."""
    place = max(range(len(waiting)), key=lambda number: len(waiting[number].cones))
    block, cones = waiting[place]
    if len(cones) > 1:
        waiting[place] = Bundle(block, cones[::2])
        waiting.append(Bundle(block, cones[1::2]))


def _opened(path: str | os.PathLike[str], digest: str, listing: _Listing) -> ListingFile:
    try:
        from subgrad_hardness.subdifferentials.listing_file import ListingFile
    except ImportError:
        raise ParameterError("needs file locks, and this system has none", place="resume") from None
    return ListingFile(path, digest, listing.flats, listing.orders)


def _workers(flats: tuple[FlatNet, ...], jobs: int) -> Workers[Task, Report]:
    work = Exploring(flats)
    return Here(work) if jobs == 1 else workers_for(work, lost, jobs, None)
