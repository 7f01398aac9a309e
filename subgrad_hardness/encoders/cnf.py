"""DIMACS CNF: integer directions, bit by bit.

``directions.direction_bound`` says how large integer directions must be so that none is missed, so the
question is one about finitely many of them.  They are two's complement numbers of one width; each sum of
the net has the width that its own interval needs, a kink is its preactivation's bits and not its sign.
F'_k(d) - g_k d differs from 0 iff one of its bits is 1: all these bits together are the last clause.

The size is about (nonzeros of the net, by the signed binary digits of the weights) x (bits of d) x 14
clauses, and the bits of d grow like p log2(norm of the rows): small nets with small weights.
"""

from __future__ import annotations

import re

from subgrad_hardness.encoders.adders import FALSE, Adders, TooLarge, width
from subgrad_hardness.encoders.contract import AnswerError, Asked, Claim, Encoder, EncodingError, commented
from subgrad_hardness.encoders.directions import direction_bound
from subgrad_hardness.net.json_text import show, show_int

#: Larger formulas are refused.
MOST_CLAUSES = 2_000_000

_STATUS = re.compile(r"^\s*(?:s\s+)?(SATISFIABLE|UNSATISFIABLE|UNKNOWN|INDETERMINATE|SAT|UNSAT)\s*$", re.MULTILINE)
_LITERAL = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class DimacsCnf(Encoder):
    """Bit-blasted integer directions; variables 1, 2, ... are the bits of d0, then those of d1, ..."""

    name = "cnf"
    summary = "DIMACS CNF over the bits of integer directions (CaDiCaL, kissat; small nets)"

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
        adders.clauses += _nonzero({bit for goal in goals for bit in goal.bits} - {FALSE})
        lines = [
            f"Directions are integers |d_j| <= {show_int(bound)}, which misses none: extreme rays of the cells,",
            f"Cramer's rule, Hadamard's inequality.  They have {bits} bits each in two's complement, the least",
            f"significant first: d0 is the variables 1..{bits}, d1 the next {bits}, and so on; the others are the bits",
            "of sums and kinks.  The last clause: some F'_k(d) - g_k d has a nonzero bit.",
            f"Satisfiable iff there are two distinct subgradients.  Decode: {self.name}, from lines 's' and 'v'.",
        ]
        text = [f"p cnf {adders.variables} {len(adders.clauses)}"]
        text += [f"{' '.join(map(str, clause))} 0" for clause in adders.clauses]
        return commented(asked.header("DIMACS CNF", lines), "c") + "\n".join([*text, ""])

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """The output of a SAT solver: ``s SATISFIABLE`` and lines ``v 1 -2 ... 0`` (or bare lines of literals)."""
        status = _STATUS.search(answer)
        if status is not None and not status[1].startswith("SAT"):
            return Claim(False if status[1].startswith("UNSAT") else None)
        true: set[int] = set()
        met = False
        for line in answer.splitlines():
            words = line.split()
            if words and words[0] == "v":
                words = words[1:]
            elif not words or not _LITERAL.fullmatch(words[0]):
                continue
            for word in words:
                if not _LITERAL.fullmatch(word):
                    raise AnswerError(f"{show(word)} is no literal")
                met = True
                true.add(int(word))
        if status is None and not met:
            raise AnswerError("neither a line 's ...' nor a line 'v ...'")
        bound = direction_bound(asked.flat)
        bits = width(-bound, bound)
        direction = tuple(
            sum((-1 if at == bits - 1 else 1) << at for at in range(bits) if index * bits + at + 1 in true)
            for index in range(asked.flat.inputs)
        )
        return Claim(True, [direction] if met else [])


def _nonzero(bits: set[int]) -> list[tuple[int, ...]]:
    """Clauses that say: one of the bits is true; plainly unsatisfiable ones where there are none."""
    return [tuple(sorted(bits, key=abs))] if bits else [(1,), (-1,)]


def _too_large(bits: int) -> str:
    return f"more than {MOST_CLAUSES} clauses: complete directions need {bits} bits for each input"
