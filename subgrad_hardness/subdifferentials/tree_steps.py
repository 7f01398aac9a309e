"""A decision tree of ``sign_tree`` as certificates have it (``certificate.tree``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from subgrad_hardness.certificate.definitions import numbered_relus
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.tree import CLOSED, LEAF, Tree
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.sign_tree import Branch


class _Visit(NamedTuple):
    """A branch to be written: how long the path is above it, and which way it leaves the last entry of that."""

    branch: Branch
    length: int
    passing: bool


def sign_steps(program: Program, net: LocalNet, root: Branch, limits: Limits, *, decided: bool) -> Tree | None:
    """The tree in preorder, with kinks by their numbers in certificates.

    Parameters
    ----------
    net : of the localised ``program``.
    decided : at every end the outputs rest on no undecided kink, as in trees that list all Jacobians.

    Kinks that are zero where the tree has come to, of which the local net knows or has dropped, are branches with one
    side there; they are written where something rests on them.  None where the program's own forms are decided later
    than the local net's, which no case is known of.  Costs a backward pass a branch.  Raises LimitReached.
    """
    localised = Localised(program)
    numbers = {node: number for number, node in enumerate(numbered_relus(program))}
    nodes = list(localised.kinks)
    steps: list[tuple[int, ...]] = []
    passing = dict(localised.fixed)
    path: list[tuple[int, bool]] = []  # nodes, and whether they are among those that places of the tree count
    visits = [_Visit(root, 0, True)]
    while visits:
        limits.check()
        branch, length, side = visits.pop()
        for node, _ in path[length:]:
            del passing[node]
        del path[length:]
        if path:
            passing[path[-1][0]] = side
        if branch.closed is not None:
            places = [place for place, (_, counted) in enumerate(path) if counted]
            steps.append((CLOSED, *[entry for which, factor in branch.closed for entry in (places[which], factor)]))
            continue
        targets = localised.outputs if branch.kink is None else (localised.kinks[nodes[net.kink_numbers[branch.kink]]],)
        if branch.kink is not None or decided:
            zeros = _zeros(localised, targets, passing)
            if zeros is None:
                return None
            path += [(node, False) for node in zeros]
            steps += [(numbers[node],) for node in zeros]
        if branch.kink is None:
            steps.append((LEAF,))
            continue
        node = nodes[net.kink_numbers[branch.kink]]
        assert branch.passes is not None and branch.blocks is not None
        steps.append((numbers[node],))
        path.append((node, True))
        visits += [_Visit(branch.blocks, len(path), False), _Visit(branch.passes, len(path), True)]
    return tuple(steps)


def _zeros(localised: Localised, targets: Sequence[int], passing: dict[int, bool]) -> list[int] | None:
    """The undecided kinks on which the targets rest, in an order in which the form of each is decided and zero; they
    are blocked in ``passing``.  None where one is not zero."""
    found: list[int] = []
    waiting = list(targets)
    while waiting:
        open_kinks = [variable for variable in localised.gradient(waiting[-1], passing) if variable >= localised.size]
        if open_kinks:
            node = min(open_kinks)
            form = localised.gradient(localised.kinks[node], passing)
            if any(variable < localised.size for variable in form):
                return None
            if form:
                waiting.append(localised.kinks[node])
                continue
            found.append(node)
            passing[node] = False
            continue
        waiting.pop()
    return found
