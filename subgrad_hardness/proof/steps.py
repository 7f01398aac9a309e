"""The steps of a refutation: literals, thresholds, the relu rule, lemmas, and the proof that they make (SPEC 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # an answer may hold a proof, and most answers hold none
    from subgrad_hardness.certificate.argument import Argument
    from subgrad_hardness.normal_form.generators import Generator
    from subgrad_hardness.normal_form.linear_form import Key
    from subgrad_hardness.normal_form.normal_form import NormalForm


class Literal(NamedTuple):
    """ "``form`` > 0" (``positive``), or its negation."""

    form: Key
    positive: bool


class Threshold(NamedTuple):
    """A cut of ``form`` = A - B into two sides, A being ``part``: ``form`` > 0 implies A - t > 0 and t - B > 0.

    The variable t is fresh: -1 - k for entry number k of a proof's thresholds (``threshold_variable``).  Neither form
    is scaled, and both hold no thresholds but earlier ones.
    """

    form: Key
    part: Key


def threshold_variable(number: int) -> int:
    """The variable of the threshold number ``number``, counted from 0, in forms: -1, -2, ..."""
    return -1 - number


def threshold_number(variable: int) -> int:
    """The number of the threshold that is the variable ``variable``."""
    return -1 - variable


class Level(NamedTuple):
    """``form`` is positive nowhere, as the sum of maxima and minima that a proof's ``lattice`` shows it to be."""

    form: Key


class Rule(NamedTuple):
    """The relu rule on ``form`` = L + c a, a = relu(w) the atom number ``atom`` (SPEC 4):
    ``form`` > 0 implies L > 0 or L + c w > 0 if c > 0, and both if c < 0."""

    form: Key
    atom: int


class Lemma(NamedTuple):
    """A clause that holds because the rows that its negation gives are contradictory (SPEC 4).

    Rows: the negated literals times ``multipliers`` (one for each literal, at least 0), and the
    ``generators``; their sum is identically zero, and a strict row takes part.
    """

    clause: tuple[Literal, ...]
    multipliers: tuple[int, ...]
    generators: tuple[Generator, ...] = ()


class Case(NamedTuple):
    """A refutation of the goals where all forms ``supposed``, which are over the inputs alone, are positive.

    ``argument`` is written (``writer.case_argument``) over the inputs and atoms of a normal form; its opening clauses
    are one for the goals, then one for each supposed form.
    """

    supposed: tuple[Key, ...]
    argument: Argument


class Fork(NamedTuple):
    """Two refutations: one where ``form``, over the inputs alone, is positive, one where its opposite is."""

    form: Key
    positive: Case | Fork
    negative: Case | Fork


class Cases(NamedTuple):
    """The forms of the goals, and their refutations in the cases that a tree of half-spaces makes."""

    goals: tuple[Key, ...]
    tree: Case | Fork


class Proof(NamedTuple):
    """Why no goal is ever positive: with the rules and the lemmas this is propositional.

    Everything is said over the inputs and atoms of ``normal``.  ``half``: only directions with this form in
    the inputs positive were looked at, the goals being the same at -d.  ``constraints``: only directions with these
    forms in the inputs positive were looked at.  ``thresholds``: forms of rules and lemmas may hold their variables.
    ``cases``: the steps are those of the cases, and how the goals are refuted by them is known.  ``lattice``: of atoms,
    the maxima and minima that they make, as ``certificate.argument.Levels`` has them, for the ``levels``.
    """

    normal: NormalForm
    rules: tuple[Rule, ...] = ()
    lemmas: tuple[Lemma, ...] = ()
    half: Key | None = None
    constraints: tuple[Key, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    cases: Cases | None = None
    levels: tuple[Level, ...] = ()
    lattice: tuple[tuple[int, int, int], ...] = ()


#: What states clauses.
Origin = Threshold | Level | Rule | Lemma


def forms_of(origin: Origin) -> Sequence[Key]:
    """The forms that a step names."""
    if isinstance(origin, Lemma):
        return [literal.form for literal in origin.clause]
    return origin if isinstance(origin, Threshold) else [origin.form]


def renamed(origin: Origin, names: Mapping[int, int]) -> Origin:
    """The step with other ``names`` of thresholds."""
    if isinstance(origin, Threshold):
        return Threshold(*(named(form, names) for form in origin))
    if isinstance(origin, Level):
        return origin  # holds none
    if isinstance(origin, Rule):
        return origin._replace(form=named(origin.form, names))
    return origin._replace(clause=tuple([Literal(named(form, names), positive) for form, positive in origin.clause]))


def named(form: Key, names: Mapping[int, int]) -> Key:
    """The form with other ``names`` of thresholds, in the same order."""
    if not form or form[0][0] >= 0:
        return form
    return tuple([(names.get(variable, variable), entry) for variable, entry in form])
