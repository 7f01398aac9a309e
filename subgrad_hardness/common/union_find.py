"""Groups that grow together: union and find."""

from __future__ import annotations


def find(group: list[int], member: int) -> int:
    """The representative of a member's group; in the beginning ``group[k]`` is k.

    Two groups become one by ``group[find(group, a)] = find(group, b)``.
    """
    while group[member] != member:
        group[member] = group[group[member]]
        member = group[member]
    return member
