"""DIMACS CNF: integer directions, bit by bit.

``directions.direction_bound`` says how large integer directions must be so that none is missed, so the
question is one about finitely many of them.  They are two's complement numbers of one width; each sum of
the net has the width that its own interval needs, a kink is its preactivation's bits and not its sign.
F'_k(d) - g_k d differs from 0 iff one of its bits is 1: all these bits together are the last clause.

The size is about (nonzeros of the net, by the signed binary digits of the weights) x (bits of d) x 14
clauses, and the bits of d grow like p log2(norm of the rows): small nets with small weights.
"""

from __future__ import annotations

from subgrad_hardness.encoders.adders import FALSE, Adders, TooLarge, width
from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, EncodingError
from subgrad_hardness.encoders.dimacs import CONTRADICTION, dimacs, read_answer
from subgrad_hardness.encoders.directions import direction_bound
from subgrad_hardness.net.json_text import show_int

#: Larger formulas are refused.
MOST_CLAUSES = 2_000_000


class BitsCnf(Encoder):
    """Bit-blasted integer directions; variables 1, 2, ... are the bits of d0, then those of d1, ..."""

    name = "cnf-bits"
    suffix = ".cnf"
    otherwise, like = "cnf-circuit, or smtlib", "cnf-circuit or cnf"
    summary = "DIMACS CNF over the bits of integer directions (small nets)"

    def apply(self, asked: Asked) -> str:
        """Raises EncodingError where there would be more than 2,000,000 clauses."""
        flat = asked.flat
        bound = direction_bound(flat)
        bits = width(-bound, bound)
        adders = Adders(MOST_CLAUSES)
        if bits * flat.inputs > MOST_CLAUSES:
            raise EncodingError(_too_large(bits))
        numbers = [adders.free(bits) for _ in range(flat.inputs)]
        try:
            for form in flat.kinks:
                total = adders.total((coefficient, numbers[variable]) for variable, coefficient in form.items())
                numbers.append(adders.relu(total))
            goals = [
                adders.total((coefficient, numbers[variable]) for variable, coefficient in form.items())
                for _, form in asked.goals
            ]
        except TooLarge:
            raise EncodingError(_too_large(bits)) from None
        nonzero = {bit for goal in goals for bit in goal.bits} - {FALSE}
        adders.clauses += [tuple(sorted(nonzero, key=abs))] if nonzero else CONTRADICTION
        lines = [
            f"Directions are integers |d_j| <= {show_int(bound)}, which misses none: extreme rays of the cells,",
            f"Cramer's rule, Hadamard's inequality.  They have {bits} bits each in two's complement, the least",
            f"significant first: d0 is the variables 1..{bits}, d1 the next {bits}, and so on; the others are the bits",
            "of sums and kinks.  The last clause: some F'_k(d) - g_k d has a nonzero bit.",
            f"Satisfiable iff there are two distinct subgradients.  Decode: {self.name}, from lines 's' and 'v'.",
        ]
        return dimacs(asked.header("DIMACS CNF", lines), adders.variables, adders.clauses)

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """The output of a SAT solver (``dimacs.read_answer``)."""
        satisfiable, model = read_answer(answer)
        if model is None:
            return Claim(satisfiable)
        bound = direction_bound(asked.flat)
        bits = width(-bound, bound)
        direction = tuple(
            sum((-1 if at == bits - 1 else 1) << at for at in range(bits) if index * bits + at + 1 in model)
            for index in range(asked.flat.inputs)
        )
        return Claim(satisfiable, [direction])


def _too_large(bits: int) -> str:
    return f"more than {MOST_CLAUSES} clauses: complete directions need {bits} bits for each input"
