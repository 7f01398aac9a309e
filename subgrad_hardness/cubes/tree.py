"""The tree of cubes: what is open, what has fallen, and what follows from that.

A node is a cube; two children are its halves.  A cube that fell rests on some of the forms that it supposes.  If these
do not hold the form of its own half, its parent has fallen with it, whatever the other half is.  If both halves have
fallen, their parent rests on what they rest on together, less the two forms that differ in sign.
"""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.cubes.cube import NEGATIVE, POSITIVE
from subgrad_hardness.normal_form.linear_form import Key, opposite
from subgrad_hardness.proof.steps import Case, Fork


class Node:
    """A cube in the tree.

    Attributes
    ----------
    name : the halves from the root on, each + or -.
    supposed : the forms that are positive in it, the root's first.
    rests_on : what its refutation rests on (None: it has not fallen).
    case : its own proof, where it has one.
    tries, deaths : how often it stood within its budget and could not be split, how many processes died at it.
    given_up : at how many cubes from here upwards all engines gave up, whatever the time.
    """

    __slots__ = ("case", "children", "deaths", "fell_by", "given_up", "name", "parent", "rests_on", "supposed", "tries")

    def __init__(self, name: str, supposed: tuple[Key, ...], parent: Node | None) -> None:
        self.name, self.supposed, self.parent = name, supposed, parent
        self.children: tuple[Node, Node] | None = None
        self.rests_on: frozenset[Key] | None = None
        self.fell_by: Node | None = None  # the child that it fell with
        self.case: Case | None = None
        self.tries = self.deaths = 0
        self.given_up: int = 0 if parent is None else parent.given_up

    @property
    def depth(self) -> int:
        return len(self.name)

    @property
    def half(self) -> Key:
        """The form that tells it from its parent's other half."""
        return self.supposed[-1]

    @property
    def fallen(self) -> bool:
        """Whether it has fallen, by itself or with a cube around it."""
        node: Node | None = self
        while node is not None:
            if node.rests_on is not None:
                return True
            node = node.parent
        return False


class Tree:
    """All cubes of a question; ``root`` is the question itself, or the half of it that symmetry leaves."""

    def __init__(self, supposed: tuple[Key, ...]) -> None:
        self.root = Node("", supposed, None)
        self.nodes = {"": self.root}
        self.fallen = self.splits = 0

    def split(self, node: Node, form: Key) -> tuple[Node, Node]:
        """The two halves, where the form is positive and where its opposite is."""
        positive = Node(node.name + POSITIVE, (*node.supposed, form), node)
        negative = Node(node.name + NEGATIVE, (*node.supposed, opposite(form)), node)
        node.children = positive, negative
        self.nodes[positive.name], self.nodes[negative.name] = node.children
        self.splits += 1
        return node.children

    def fall(self, node: Node, rests_on: frozenset[Key], case: Case | None) -> None:
        """A cube fell, and all around it that falls with it."""
        self.fallen += 1
        node.rests_on, node.case = rests_on, case
        while node.parent is not None and node.parent.rests_on is None and node.rests_on is not None:
            parent = node.parent
            assert parent.children is not None
            if node.half not in node.rests_on:
                parent.rests_on, parent.fell_by = node.rests_on, node
            else:
                first, second = parent.children
                other = second if node is first else first
                if other.rests_on is None:
                    return
                parent.rests_on = (node.rests_on | other.rests_on) - {node.half, other.half}
            node = parent

    def open(self) -> Iterator[Node]:
        """The cubes that are to be decided, from left to right."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node.rests_on is None:
                if node.children is None:
                    yield node
                else:
                    stack += reversed(node.children)

    def proof(self) -> Case | Fork | None:
        """The proof of the root, which has fallen; None where a cube that it rests on has none."""
        return _proof(self.root)


def _proof(node: Node) -> Case | Fork | None:
    while node.fell_by is not None:
        node = node.fell_by
    if node.children is None or node.case is not None:
        return node.case
    positive, negative = map(_proof, node.children)
    if positive is None or negative is None:
        return None
    return Fork(node.children[0].half, positive, negative)
