"""Long conflicts of the cone as short ones, over half-spaces that the circuit does not have.

Positive multiples of the forms l_1, ..., l_k sum to zero.  With f = c_1 l_1 + c_2 l_2, two conflicts say the same: l_1,
l_2 and -f are never all positive, and neither are f, l_3, ..., l_k.  So any conflict comes down to conflicts of three
half-spaces.  What is gained: the same f turns up in many conflicts.  Where the half-spaces compare sums of inputs, the
sums on the two sides are put in order (f compares two of them), and a proof that had to go through all cycles becomes
one by transitivity: with n sums on each side exponentially long (as it seems) against n^3 steps (Cook's short proofs by
extended resolution are of this kind).

The pair with the shortest f is taken: this is what conflicts have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from subgrad_hardness.normal_form.linear_form import Form, Key, add

#: Half-space literals that are never all true, with the positive multipliers with which their forms sum to zero.
Conflict = tuple[tuple[int, ...], tuple[int, ...]]
#: A literal and its multiplier.
_Term = tuple[int, int]


def triangles(forms: Sequence[Key], conflict: Conflict, plane: Callable[[Form], _Term]) -> list[Conflict]:
    """Conflicts of at most three half-spaces that together say what ``conflict`` says.

    Parameters
    ----------
    forms : the form of each positive literal; ``plane`` may add to them.
    plane : the literal of a nonzero form without atoms, and the factor by which the form is the literal's.

    Raises what ``plane`` raises.  About k^3 sums of two forms for a conflict of k half-spaces.
    """
    found: list[Conflict] = []
    terms: list[_Term] = list(zip(*conflict, strict=True))
    while len(terms) > 3:
        first, second = min(combinations(terms, 2), key=lambda pair: len(_sum(forms, pair)))
        form = _sum(forms, (first, second))
        if not form:  # these two are a conflict by themselves
            terms = [first, second]
            break
        literal, factor = plane(form)
        found.append(_conflict([first, second, (-literal, factor)]))
        terms = [*(term for term in terms if term not in (first, second)), (literal, factor)]
    return [*found, _conflict(terms)]


def _conflict(terms: Sequence[_Term]) -> Conflict:
    return tuple([literal for literal, _ in terms]), tuple([multiplier for _, multiplier in terms])


def _sum(forms: Sequence[Key], terms: Sequence[_Term]) -> Form:
    total: Form = {}
    for literal, factor in terms:
        add(total, dict(forms[abs(literal)]), factor if literal > 0 else -factor)
    return total
