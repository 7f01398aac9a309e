"""Functions of zeros and ones as reduced decision diagrams (Bryant 1986), and sums of them with integer factors."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping

#: The branch on a variable: its number, and the functions where it is 0 and where it is 1.
Node = tuple[int, int, int]

# Steps from one look at the limits to the next.
_STEPS = 1024
# Pairs whose order is kept from one question to the next: with more they are forgotten.
_KEPT = 1 << 16


class TooManyNodes(Exception):
    """The diagrams have outgrown their room."""


class Diagrams:
    """Functions {0, 1}^n -> {0, 1}, each a number: the same functions are the same number; 0 and 1 are the constants.

    Attributes
    ----------
    check : called now and then; it may raise what ends the work.  What was made before stays as it is.
    """

    def __init__(self, variables: int, most: int, check: Callable[[], None] = lambda: None) -> None:
        self.variables, self.most, self.check = variables, most, check
        self.nodes: list[Node] = [(variables, 0, 0), (variables, 1, 1)]
        self._numbers: dict[Node, int] = {}
        self._ordered: dict[tuple[int, int], tuple[int, int]] = {}

    def variable(self, index: int) -> int:
        """The function that is variable number ``index``."""
        return self._node((index, 0, 1))

    def ordered(self, first: int, second: int) -> tuple[int, int]:
        """The lesser and the greater of two functions at each place: their conjunction and their disjunction.

        At most the product of their sizes.  Answers about parts are kept for a while, as functions share parts.  Raises
        TooManyNodes.
        """
        root = _pair(first, second)
        nodes, done = self.nodes, self._ordered
        if len(done) > _KEPT:
            done.clear()
        stack = [root]
        steps = 0
        while stack:
            steps += 1
            if not steps % _STEPS:
                self.check()
            pair = stack[-1]
            if pair in done or pair[0] == pair[1] or pair[0] < 2:
                if pair not in done:  # 0 is below all functions, and 1 above
                    done[pair] = pair if pair[0] != 1 else (pair[1], 1)
                stack.pop()
                continue
            (top, left, left_above), (other, right, right_above) = nodes[pair[0]], nodes[pair[1]]
            if top < other:
                right = right_above = pair[1]
            elif other < top:
                top, left, left_above = other, pair[0], pair[0]
            below, above = _pair(left, right), _pair(left_above, right_above)
            if below in done and above in done:
                (least, most), (least_above, most_above) = done[below], done[above]
                done[pair] = self._node((top, least, least_above)), self._node((top, most, most_above))
                stack.pop()
            else:
                stack += (below, above)
        return done[root]

    def _node(self, node: Node) -> int:
        if node[1] == node[2]:
            return node[1]
        number = self._numbers.get(node)
        if number is None:
            if len(self.nodes) >= self.most:
                raise TooManyNodes
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return number


def _pair(first: int, second: int) -> tuple[int, int]:
    return (first, second) if first < second else (second, first)


class Combination:
    """The sum of functions times integers, as a diagram whose leaves are integers.

    Branches are numbered from 0; the leaf number k is ~k.  Functions are added when the sum is first asked for, those
    with the last variables first, so that it has these alone for long; each costs at most the product of its size and
    of that of the sum so far.

    Attributes
    ----------
    terms : the factors of the functions.
    """

    def __init__(self, diagrams: Diagrams, terms: Mapping[int, int], most: int) -> None:
        """``most``: how many nodes the sum and the sums on the way to it may have."""
        self.terms = terms
        self._diagrams, self._most = diagrams, most
        self._nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self._leaves: list[int] = []
        self._places: dict[bytes, int] = {}  # bytes, as a file can choose integers whose hashes are equal
        self._root = self._leaf(0)
        self._left = sorted(terms, key=self._place, reverse=True)

    def _place(self, function: int) -> tuple[int, int]:
        return self._diagrams.nodes[function][0], -function

    def greatest(self, sign: int = 1) -> tuple[int, tuple[int, ...]]:
        """The greatest value (``sign`` -1: of the opposite), and a vector of zeros and ones at which it is taken.

        Raises TooManyNodes, and what the diagrams' ``check`` raises; asked again it goes on from there.
        """
        while self._left:
            self._root = self._added(self._left[0], self.terms[self._left[0]])
            del self._left[0]
        order = self._reached()
        best: dict[int, tuple[int, int]] = {}  # of a branch or leaf its best value, and the side to go to
        for number in order:
            if number < 0:
                best[number] = sign * self._leaves[~number], 0
            else:
                values = [best[child][0] for child in self._nodes[number][1:]]
                best[number] = max(values), int(values[1] > values[0])
        vector = [0] * self._diagrams.variables
        place = self._root
        while place >= 0:
            variable, *children = self._nodes[place]
            vector[variable] = best[place][1]
            place = children[vector[variable]]
        return best[self._root][0], tuple(vector)

    def _reached(self) -> list[int]:
        """The branches and leaves of the sum, children first: they have lower numbers than what leads to them."""
        seen, stack = {self._root}, [self._root]
        while stack:
            number = stack.pop()
            if number >= 0:
                fresh = set(self._nodes[number][1:]) - seen
                seen |= fresh
                stack += fresh
        return sorted(seen)

    def _added(self, function: int, factor: int) -> int:
        """The sum so far and ``factor`` times the function."""
        functions = self._diagrams.nodes
        root = self._root, function
        done: dict[tuple[int, int], int] = {}
        stack = [root]
        steps = 0
        while stack:
            steps += 1
            if not steps % _STEPS:
                self._diagrams.check()
            total, added = pair = stack[-1]
            if pair in done:
                stack.pop()
                continue
            if added == 0 or (added == 1 and total < 0):
                done[pair] = total if added == 0 else self._leaf(self._leaves[~total] + factor)
                stack.pop()
                continue
            top, right, right_above = functions[added]
            branch, left, left_above = self._nodes[total] if total >= 0 else (self._diagrams.variables, total, total)
            if branch < top:
                top, right, right_above = branch, added, added
            elif top < branch:
                left = left_above = total
            below, above = (left, right), (left_above, right_above)
            if below in done and above in done:
                done[pair] = self._node((top, done[below], done[above]))
                stack.pop()
            else:
                stack += (below, above)
        return done[root]

    def _node(self, node: Node) -> int:
        if node[1] == node[2]:
            return node[1]
        number = self._numbers.get(node)
        if number is None:
            if len(self._nodes) + len(self._leaves) >= self._most:
                raise TooManyNodes
            number = self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
        return number

    def _leaf(self, value: int) -> int:
        number = self._places.setdefault(marshal.dumps(value, 2), len(self._leaves))
        if number == len(self._leaves):
            self._leaves.append(value)
        return ~number
