"""The steps of a refutation: literals, thresholds, the relu rule, lemmas, and the proof that they make (SPEC 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # an answer may hold a proof, and most answers hold none
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


class Proof(NamedTuple):
    """Why no goal is ever positive: with the rules and the lemmas this is propositional.

    Everything is said over the inputs and atoms of ``normal``.  ``half``: only directions with this form in
    the inputs positive were looked at, the goals being the same at -d.  ``constraints``: only directions with these
    forms in the inputs positive were looked at.  ``thresholds``: forms of rules and lemmas may hold their variables.
    """

    normal: NormalForm
    rules: tuple[Rule, ...] = ()
    lemmas: tuple[Lemma, ...] = ()
    half: Key | None = None
    constraints: tuple[Key, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
