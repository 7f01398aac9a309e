"""The Clarke subdifferential of a program at its point: members, and proofs of what none of them exceeds (SPEC 7).

For w F with one row, F°(x0; u) = max over d_C of g u is the least c with F'(y + t u) - F'(y) <= c t for all y and all
t >= 0 (Clarke 1983, section 2.1, for the positively homogeneous F'), which is a goal for the engines.  Functionals of
higher rank are decided case by case, by trees with interval bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from fractions import Fraction
from heapq import nlargest
from typing import TYPE_CHECKING, Literal

from subgrad_hardness.certificate.derived import shifted
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import Now, ignore
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.central import CentralNet, central_net
from subgrad_hardness.derivative.greatest_cell import greatest_cell
from subgrad_hardness.derivative.pieces import most_listed, pieces
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.subdifferentials.asking import Asker, Found, Refuted
from subgrad_hardness.subdifferentials.branching import Above, Branching
from subgrad_hardness.subdifferentials.functional import functional as functional_of
from subgrad_hardness.subdifferentials.interval_bounds import MOST_KINKS
from subgrad_hardness.subdifferentials.members import Member, Members
from subgrad_hardness.subdifferentials.multiplied import multiplied
from subgrad_hardness.subdifferentials.sets import Bound, Point, RankOne, Vector, greatest, product, rank_one, values
from subgrad_hardness.subdifferentials.trees import Grower

# Searching in floats, and numpy with it, is loaded where it begins.
if TYPE_CHECKING:
    from subgrad_hardness.subdifferentials.proposals import Proposer

# Seconds for the first look by branching, and the factor from look to look; of each the engines get a part.
_FIRST_BUDGET, _GROWTH, _PART = 0.3, 3.0, 1 / 4
# Seconds for a list of all members, which many nets with many kinks have few of; and for the cell of backpropagation,
# which may spare everything else, so many more for each entry of a kink's row.
_LIST_BUDGET, _EACH_ENTRY = 0.05, 5e-6

# An enumeration begins with an elimination of the kinks, which no limit ends: in this measure (inputs times kinks times
# the square of the smaller number) more takes seconds, and minutes soon, and so many cells are not listed anyway.
_MOST_ELIMINATED = 10**9
# In general position so many cells take about twice that budget: a list that is not begun is no time lost.
_MOST_AT_ONCE = 10_000
# So many cells of one layer are valued in a second, at least; of fewer hyperplanes cells are listed elsewhere.
_VALUED, _FORMS = 3 * 10**5, 12
# Longer lists are not made: looking at all of them would take longer than it helps.
_MOST_LISTED = 20_000
# So many of the best members known are where a search begins.
_BEST = 6
# So many random members before the first question.
_FIRST_MEMBERS = 24


class ClarkeSet:
    """d_C F(x0) = conv d_L F(x0) of a program at its point.

    Parameters
    ----------
    seed : of the directions in which first members are looked for.
    local, flat : the localisation and its net multiplied out, where they are known.

    Attributes
    ----------
    members : those that are known; all of them if ``complete``.
    """

    name = "clarke"

    def __init__(
        self,
        program: Program,
        seed: int = 0,
        *,
        local: Localisation | None = None,
        flat: FlatNet | None = None,
        memory: int | None = None,
    ) -> None:
        self.program = program
        self.local = localise(program) if local is None else local
        self.net = self.local.net
        self._flat = flat
        self.members = Members(self.net, seed)
        self._memory = memory
        self._seed = seed
        self.complete = False
        self._begun = self._listed = False
        least = min(self.net.inputs, len(self.net.kinks))
        self._listable = self.net.inputs * len(self.net.kinks) * least**2 <= _MOST_ELIMINATED
        self._branchable = len(self.net.kinks) <= MOST_KINKS
        self._grower: Grower | None = None
        self._search: Branching | None = None
        self._central: CentralNet | Literal[False] | None = None if self._listable and self.net.inputs > 1 else False
        self._top: tuple[Matrix, Member | None] | None = None
        self._asker: tuple[Vector, Asker] | None = None
        self._proposer: Proposer | None = None
        self._told = Now()

    @property
    def known(self) -> Iterable[Point]:
        if not len(self.members):
            self.members.sample(1, Limits())
        return self.members

    def begin(self, limits: Limits) -> None:
        """Look, once, for the member that backpropagation returns: it is often the one that is asked about."""
        begun, self._begun = self._begun, True
        seconds = _LIST_BUDGET + _EACH_ENTRY * self.net.inputs * len(self.net.kinks)
        with suppress(LimitReached):
            if not begun:
                self.members.where_all_block(limits.within(seconds))

    def _list(self, limits: Limits) -> None:
        """List all members, once, where that takes next to no time; else that of backpropagation, and some."""
        if self._listed:
            return
        self._listed = True
        self.begin(limits)
        with suppress(LimitReached):
            if self._listable and (most_listed(self.grower.flat, limits) or 0) <= _MOST_AT_ONCE:
                for piece in pieces(self.net, limits.within(_LIST_BUDGET)):
                    self.members.keep_piece(piece)
                self.complete = True
                return
        self.members.sample(_FIRST_MEMBERS, limits.within(_FIRST_BUDGET))

    def _list_on(self, limits: Limits) -> None:
        """List all members, if that ends in time; they are known when the list is whole.

        A part of it would only slow down what looks at all known members.
        """
        if self.complete or not self._listable:
            return
        found: list[LinearPiece] = []
        with suppress(LimitReached):
            for piece in pieces(self.net, limits):
                found.append(piece)
                if len(found) > _MOST_LISTED:
                    self._listable = False
                    return
                limits.check()
            for piece in found:
                self.members.keep_piece(piece)
            self.complete = True

    def _greatest_listed(self, functional: Matrix, seconds: float, limits: Limits) -> Member | None:
        """The greatest member of all, where the cells of one layer can be looked at in about so many seconds."""
        with suppress(LimitReached):
            if self._central is None:
                self._central = central_net(self.grower.flat) or False
            net = self._central
            if not net or net.most_cells > seconds * _VALUED or len(net.forms) < _FORMS:
                return None
            if self._top is None or self._top[0] != functional:
                weights = [entry for row in functional_of(self.net, functional).weights for entry in row]
                found = greatest_cell(net, weights, limits)
                self._top = functional, None if found is None else self.members.at([found])
            return self._top[1]
        return None

    @property
    def grower(self) -> Grower:
        if self._grower is None:
            self._grower = Grower(self.program, self.local, self._flat)
        return self._grower

    def improves(self, functional: Matrix, limits: Limits) -> bool:
        """Directions are proposed in floats, beginning at those of the best members known; members are exact."""
        self._list(limits)
        if self._told.due():
            self._told.tell(f"{len(list(self.known))} subgradients known")
        if self.complete or not self.net.kinks or not any(map(any, functional)):
            return False
        best = nlargest(_BEST, self.known, key=values(functional))
        if self._proposer is None:
            from subgrad_hardness.subdifferentials.proposals import Proposer

            self._proposer = Proposer(multiplied(self.net, self.grower.flat), self._seed)
        directions = [point.directions.leading[0] for point in best if isinstance(point, Member)]
        asked = self._proposer.functional(functional)
        most = asked.floor(product(functional, best[0].jacobian))
        elements = self._proposer.better(asked, most, directions, limits)
        for element in elements:
            self.members.keep(element)
        return bool(elements)

    def exceeds(
        self,
        functional: Matrix,
        bound: Fraction,
        limits: Limits,
        *,
        argued: bool = True,
        told: Callable[[Fraction], None] = ignore,
    ) -> Bound:
        """Known members first; then by turns, in growing budgets, branching and, for rank one, the engines.

        With more than ``MOST_KINKS`` kinks there is no branching, and only the engines are asked, for rank one.
        ``told`` hears the numbers that no value exceeds, as they fall.  Raises nothing; limits end in ``holds`` None.
        """
        self._list(limits)
        found = self._among_known(functional, bound, argued=argued)
        if found.holds is not None:
            return found
        single = rank_one(functional)
        if not self._branchable:
            if single is None:
                return Bound(None, why=f"more than {MOST_KINKS} kinks")
            return self._by_engines(single, bound, limits, argued=argued)
        search = self._searched(functional, bound, recorded=argued)
        budget = _FIRST_BUDGET
        while True:
            ended = search.grow(limits if single is None else limits.within(budget))
            if isinstance(ended, Above):
                return Bound(False, point=self.members.at([ended.direction]))
            if ended:
                return Bound(True, tree=search.tree()) if argued else Bound(True)
            told(search.upper)
            with suppress(LimitReached):
                while self.improves(functional, limits):  # elsewhere than before
                    found = self._among_known(functional, bound, argued=argued)
                    if found.holds is False:
                        return found
            if single is not None and limits.remaining > 0:
                found = self._by_engines(single, bound, limits.within(_PART * budget), argued=argued)
                if found.holds is not None:
                    return found
            if (top := self._greatest_listed(functional, budget, limits)) is not None:
                holds = product(functional, top.jacobian) <= bound
                if not holds or not argued:
                    return Bound(holds, point=None if holds else top)
            if limits.remaining > 0:
                self._list_on(limits.within(_PART * budget))
                found = self._among_known(functional, bound, argued=argued)
                if found.holds is not None:
                    return found
            if limits.remaining <= 0:
                return Bound(True if self.complete else None, why="time limit")
            budget *= _GROWTH

    def _among_known(self, functional: Matrix, bound: Fraction, *, argued: bool) -> Bound:
        best = greatest(self.known, functional)
        if product(functional, best.jacobian) > bound:
            return Bound(False, point=best)
        return Bound(True if self.complete and not argued else None)

    def upper(self, functional: Matrix, bound: Fraction) -> Fraction | None:
        """No element has a greater value than this, which is at least ``bound``; the less the longer was searched.

        None: there are too many kinks for such a search.
        """
        if not self._branchable:
            return None
        return self._searched(functional, bound, recorded=False).upper

    def _searched(self, functional: Matrix, bound: Fraction, *, recorded: bool) -> Branching:
        """The search for elements above the bound: the last one goes on if it was about this functional."""
        last = self._search
        if last is None or (last.functional, last.recorded) != (functional, recorded) or last.bound > bound:
            before = last if last is not None and last.functional == functional else None
            last = self._search = Branching(self.grower, functional, bound, recorded=recorded, after=before)
        last.raise_to(bound)
        return last

    def _by_engines(self, single: RankOne, bound: Fraction, limits: Limits, *, argued: bool) -> Bound:
        size = self.net.inputs
        ahead = (*(0,) * size, 1)
        goal = OneSided(tuple(enumerate(single.outputs)), (*(Fraction(0),) * size, bound))
        try:
            if self._asker is None or self._asker[0] != single.direction:
                self._asker = single.direction, Asker(shifted(self.program, single.direction), self._memory)
            answer = self._asker[1].ask([goal], [ahead], limits, argued=argued)
        except LimitReached as reached:
            return Bound(None, why=str(reached))
        if isinstance(answer, Found):
            *base, length = answer.direction
            step = [length * entry for entry in single.direction]
            return Bound(False, point=self.members.steeper(single.outputs, base, step))
        if isinstance(answer, Refuted):
            return Bound(True, rank_one=single, argument=answer.argument, why=answer.unargued)
        return Bound(None, why=answer.why)
