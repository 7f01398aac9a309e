"""The table of a program: one row a method, its operations, its price in evaluations, the bound that holds for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.backward import FORMS
from subgrad_hardness.cost_model.dictionaries import Bound, Bounds, Dictionary, dictionary_of, own_dictionary
from subgrad_hardness.cost_model.lexicographic import lexicographic, random_direction
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.programs import Subject
from subgrad_hardness.cost_model.weights import Counts, Weights
from subgrad_hardness.cost_model.written_counts import WrittenCounts

#: Methods, in the order of the table.
METHODS = {
    "backward": "value and gradient of every output, one reverse sweep each",
    "forward": "value and gradient by directions: one after another (p evaluations), and all p at once",
    "directions": "value and K directional slopes at once, where K or the directions are given",
    "lexicographic": "the lexicographic derivative along the unit vectors, or along the directions that are given",
    "locking": "a Clarke subgradient by branch locking: evaluation, one random probe, one reverse sweep",
    "two-da": "two elements of the conservative gradient: relu'(0) = 0 and relu'(0) = 1",
}

#: A lexicographic program of more operations than this (those of the evaluation times directions) is not written, and
#: has no row.
_MOST_STEPS = 700_000
#: Nothing is claimed.
_NONE = Bound(None, "")


class Timing(NamedTuple):
    """Somebody else's running time of a method: seconds, how many of their own evaluations that is, what was timed."""

    seconds: float
    ratio: float
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CostRow:
    """One method.

    Attributes
    ----------
    method, form : what is done; the form is ``textbook``, ``structural`` or empty.
    counts : operations by kind; None where a method is no program, and is timed alone.
    cost : their weighted sum; None without counts.
    ratio : cost / cost of the evaluation; None where that is 0.
    bound, bound_by : what the ratio cannot exceed over the dictionary, and the entry that has it; None: nothing is
        claimed.
    bound_name : the bound as a formula, such as ``omega_b``.
    stored : computed numbers that are kept for the reverse sweep; None: there is none.
    seconds, ratio_measured : running time of the program, step by step on floats, and that in evaluations run so; None:
        not timed.
    peers : running times by others: ``exact`` is this package's exact side, the others are frameworks.
    note : in words, what else is to be known.
    """

    method: str
    form: str = ""
    counts: Counts | None
    cost: Fraction | None
    ratio: Fraction | None = None
    bound: Fraction | None = None
    bound_by: str = ""
    bound_name: str = ""
    stored: int | None = None
    seconds: float | None = None
    ratio_measured: float | None = None
    peers: Mapping[str, Timing] = field(default_factory=dict)
    note: str = ""


class Rows:
    """The rows of one program at one point."""

    def __init__(
        self,
        subject: Subject,
        *,
        weights: Weights,
        dictionary: Dictionary | None = None,
        worst: bool = False,
        directions: int | Sequence[Sequence[Value]] | None = None,
        seed: int = 0,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.subject, self.wrt, self.weights, self.limits = subject, subject.wrt, weights, limits
        self.worst, self.seed = worst, seed
        p = len(self.wrt)
        #: k, and the directions of the lexicographic row: the unit vectors, where no others are given.
        self.directions = directions if directions is None or isinstance(directions, int) else len(directions)
        self.matrix = None if directions is None or isinstance(directions, int) else directions
        if self.matrix is not None and any(len(row) != p for row in self.matrix):
            raise ParameterError(f"every direction needs {count(p, 'entry', 'entries')}", place="directions")
        self.counter = subject.counter(limits)  # raises PointError where there is no value
        #: Why a row or a bound that was asked for is not there.
        self.notes: list[str] = []
        found = own = self._own()
        if dictionary is not None:
            lacking = dictionary.lacks(own)
            found = dictionary if not lacking else Dictionary("", "", ())
            if lacking:
                self.notes.append(f"no bounds are shown: {dictionary.name} has no {', '.join(lacking)}")
        self.outputs = len(subject.layout.form.outputs if subject.layout is not None else subject.line.outputs)
        self.bounds: Bounds = found.bounds(weights, self.outputs)
        if self.counter.rounded:
            compared = count(self.counter.rounded, "comparison")
            self.notes.append(f"{compared} of floats: branches and ties there are as the numbers are rounded")
        self.evaluation = self.counter.evaluation
        self.cost = weights.cost(self.evaluation)

    @property
    def level(self) -> int:
        """0 for a single operation, 1 for a program of operations, more where programs are elements."""
        if self.subject.layout is None:
            return self.subject.line.level
        assert not isinstance(self.counter, WrittenCounts)
        return int(len(list(islice(self.counter.passes.steps(), 2))) > 1)

    def _own(self) -> Dictionary:
        if not isinstance(self.counter, WrittenCounts):
            return own_dictionary(self.counter.passes.steps())
        return dictionary_of(self.subject.line, self.wrt)

    def all(self, methods: Sequence[str], forms: Sequence[str] = FORMS) -> list[CostRow]:
        """The evaluation, and the rows of these methods.  Raises ParameterError for an unknown method or form."""
        for what, given, known in (("methods", methods, METHODS), ("form", forms, FORMS)):
            for name in given:
                if name not in known:
                    raise ParameterError(f"unknown name {name!r}; known: {', '.join(known)}", place=what)
        makers: dict[str, Callable[[Sequence[str]], Iterator[CostRow]]] = {
            "backward": self._backward,
            "forward": self._forward,
            "directions": self._directions,
            "lexicographic": self._lexicographic,
            "locking": self._locking,
            "two-da": self._two,
        }
        rows = [self._row("evaluation", "", self.evaluation)]
        for name, make in makers.items():
            if name in methods:
                try:
                    rows += make(forms)
                except PointError as problem:  # the other rows stand
                    self.notes.append(f"{name}: {problem}")
        return rows

    def _row(
        self,
        method: str,
        form: str,
        counts: Counts,
        bound: Bound = _NONE,
        name: str = "",
        *,
        stored: int | None = None,
        note: str = "",
    ) -> CostRow:
        cost = self.weights.cost(counts)
        return CostRow(
            method=method,
            form=form,
            counts=counts,
            cost=cost,
            ratio=cost / self.cost if self.cost else None,
            bound=bound.value,
            bound_by="" if bound.value is None else bound.entry,
            bound_name="" if bound.value is None else name,
            stored=stored,
            note=note,
        )

    def _backward(self, forms: Sequence[str]) -> Iterator[CostRow]:
        for form in forms:
            found = self.counter.backward(form, self.worst)
            bound, name = (self.bounds.omega_s, "omega_s") if form != "textbook" else (self.bounds.omega_b, "omega_b")
            bound = _NONE if self.worst and form != "textbook" else bound  # it is for branches that are known
            note = "" if form == "textbook" else "all branches" if self.worst else "the branches taken at the point"
            yield self._row("backward", form, found.counts, bound, name, stored=found.stored, note=note)

    def _forward(self, forms: Sequence[str]) -> Iterator[CostRow]:
        p = len(self.wrt)
        for form in forms:
            none, each = self.counter.forward(form)
            once = self.bounds.omega_f(1) if form == "textbook" else self.bounds.pushed(1)
            whole = self.bounds.omega_f(p) if form == "textbook" else self.bounds.pushed(p)
            one_by_one = Counts().plus(none.plus(each), p)
            bound = Bound(None if once.value is None else p * once.value, once.entry)
            note = count(p, "direction")
            yield self._row("forward", form, one_by_one, bound, f"{p} omega_f(1)", note=f"{note}, one after another")
            yield self._row("forward at once", form, none.plus(each, p), whole, f"omega_f({p})", note=note)

    def _directions(self, forms: Sequence[str]) -> Iterator[CostRow]:
        k = self.directions
        for form in forms if k is not None else ():
            assert k is not None
            none, each = self.counter.forward(form)
            bound = self.bounds.omega_f(k) if form == "textbook" else self.bounds.pushed(k)
            yield self._row("directions", form, none.plus(each, k), bound, f"omega_f({k})", note=count(k, "direction"))

    def lexicographic_directions(self) -> Sequence[Sequence[Value]]:
        """Those that are given, or the unit vectors."""
        if self.matrix is not None:
            return self.matrix
        return [[Fraction(int(row == column)) for row in self.wrt] for column in self.wrt]

    def _lexicographic(self, forms: Sequence[str]) -> Iterator[CostRow]:
        p = len(self.wrt)
        k = p if self.matrix is None else len(self.matrix)
        if k * sum(self.evaluation) > _MOST_STEPS:
            self.notes.append(f"lexicographic: more than {_MOST_STEPS} operations, not counted")
            return
        chosen = self.lexicographic_directions()
        found = lexicographic(self.subject.line, self.subject.point, chosen, wrt=self.wrt, limits=self.limits)
        bound, note = self.bounds.lex(k), _ties(found.ties)
        yield self._row("lexicographic", "", found.program.counts, bound, f"lex({k})", note=note)

    def _locking(self, forms: Sequence[str]) -> Iterator[CostRow]:
        found = self.counter.locking(random_direction(len(self.wrt), self.seed))
        own, probe = self.bounds.omega_s, self.bounds.lex(1)
        total = None if own.value is None or probe.value is None else own.value + probe.value - 1
        bound, name, note = Bound(total, own.entry), "omega_s + lex(1) - 1", _ties(found.ties)
        yield self._row("locking", "", found.counts, bound, name, stored=found.stored, note=note)

    def _two(self, forms: Sequence[str]) -> Iterator[CostRow]:
        found = self.counter.two()
        bound = self.bounds.omega_s
        twice = Bound(None if bound.value is None else 2 * bound.value - 1, bound.entry)
        note = f"{count(found.ties, 'tie')}, the two are {'equal' if found.same else 'different'}"
        yield self._row("two-da", "", found.counts, twice, "2 omega_s - 1", stored=found.stored, note=note)


def _ties(ties: int) -> str:
    return f"{count(ties, 'tie')} left" if ties else "no tie left"
