"""How families find out that a net is not linear: by exact evaluation, never by an engine."""

from __future__ import annotations

from typing import Any

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program

#: Pairs of directions that are tried.
TRIES = 64


def moved_verdict(program: Program, seed: int) -> dict[str, Any]:
    """Provenance facts for a net that may be nonlinear: a random one, or one that a small change was made to.

    F' is not linear where F'(x0; a) + F'(x0; b) != F'(x0; a + b); a has uniform entries in
    -1000..1000, b is -a or another draw, in turn.  Such a pair is kept as ``directions`` and makes the
    verdict ``distinct``; otherwise the verdict is None.  At most 3 ``TRIES`` evaluations.
    """
    net = localise(program).net
    stream = Stream(seed, "nonlinearity", net.inputs)
    for number in range(TRIES):
        one = stream.direction(net.inputs, 1000)
        other = stream.direction(net.inputs, 1000) if number % 2 else tuple(-entry for entry in one)
        both = tuple(x + y for x, y in zip(one, other, strict=True))
        parts = zip(net.output_values(one), net.output_values(other), strict=True)
        if tuple(x + y for x, y in parts) != net.output_values(both):
            known_by = "exact evaluation: F'(x0; a) + F'(x0; b) != F'(x0; a + b) at these two directions"
            return {"verdict": "distinct", "known_by": known_by, "directions": [list(one), list(other)]}
    return {"verdict": None, "known_by": None}
