"""The steps of a refutation: literals, the relu rule, lemmas, and the proof that they make (SPEC 4)."""

from __future__ import annotations

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
    forms in the inputs positive were looked at.  ``cases``: the rules and lemmas are those of the cases, and how the
    goals are refuted by them is known.
    """

    normal: NormalForm
    rules: tuple[Rule, ...] = ()
    lemmas: tuple[Lemma, ...] = ()
    half: Key | None = None
    constraints: tuple[Key, ...] = ()
    cases: Cases | None = None
