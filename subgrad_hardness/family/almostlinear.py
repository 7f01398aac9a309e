"""Almost linear nets: two subgradients at distance exactly 10^-k, behind a hidden linear part.

F(x) = N(x) - N'(x) + 10^-k relu(x_j), N' a permuted, rescaled copy of N (``family.copies``), j uniform.  N = N', so the
subgradients are 0 and 10^-k e_j, at distance 10^-k in every p-norm.  ``shut`` takes 10^-k relu(x_j) off again, in other
words (10^-k max(x_j, 0)): F = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, flag, integer, layer_widths, random_seed
from subgrad_hardness.family.copies import COPIES
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft


@dataclass(frozen=True, kw_only=True)
class AlmostlinearValues(Values):
    """The parameters of ``almostlinear``."""

    widths: tuple[int, ...] = layer_widths(
        "inputs, hidden layers (at least one) and the one output of N, such as 8-16-1", least=3
    )
    k: int = integer("the distance is 10^-k", default=9, low=0, high=10_000)
    shut: bool = flag("take the last kink off again: identically 0")
    seed: int = random_seed()


def _make(values: AlmostlinearValues, given: frozenset[str]) -> Program:
    widths, k, shut, seed = values.widths, values.k, values.shut, values.seed
    if widths[-1] != 1:
        raise ParameterError(f"{widths[-1]} outputs, expected 1", place="widths")
    label = "-".join(map(str, widths))
    axis = Stream(seed, "almostlinear", label, k).below(widths[0])
    draft = Draft(COPIES.build(widths=widths, seed=seed))
    for reference, node in draft.in_order():
        draft.place[reference] = draft.copied(node, draft.places(node.arguments))
    small = Fraction(1, 10**k)
    terms: list[tuple[int, Fraction | int]] = [
        (draft.place[draft.form.outputs[0]], 1),
        (draft.add("relu", [axis]), small),
    ]
    if shut:
        terms.append((draft.add("max", [axis, draft.affine([])]), -small))
    program = draft.finished([draft.affine(terms)])
    known_by = "N = N', and 10^-k relu(x_j) is taken off again" if shut else "N = N', so F = 10^-k relu(x_j)"
    provenance: dict[str, Any] = {
        "family": ALMOSTLINEAR.name,
        "parameters": {"widths": label, "k": k, "shut": shut},
        "seed": seed,
        "verdict": "unique" if shut else "distinct",
        "known_by": known_by,
    }
    if not shut:
        provenance["distance"] = f"1/{10**k}" if k else "1"
        provenance["axis"] = axis
    name = f"{'linear' if shut else 'almost linear'} net {label}, 10^-{k}, seed {seed}"
    return program._replace(name=name, provenance=provenance)


ALMOSTLINEAR = Family(
    name="almostlinear",
    summary="two subgradients at distance exactly 10^-k, behind a net minus a copy of itself; or shut",
    values=AlmostlinearValues,
    make=_make,
    example="--widths 4-8-1",
    picture="""
        N(x) - N'(x) + 10^-k relu(x_j): a random relu net, minus itself with permuted and rescaled neurons, plus one
        kink so small that doubles lose it beside the rest.  The graph of F is a plane with a crease of angle 10^-k;
        its subgradients are 0 and 10^-k e_j.  Shut, the crease is ironed out by the same kink in other words.
    """,
)
