"""What the formats for network verifiers have in common: the warning, and the counterexample read back."""

from __future__ import annotations

import re
from fractions import Fraction

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.encoders.box_model import box_model
from subgrad_hardness.encoders.contract import AnswerError, Asked, Claim, EncodingError, exact_number
from subgrad_hardness.local.local_net import integer_direction

#: What every file says about floating point and tolerances.
WARNING = (
    "Exact over the reals.  A verifier that calculates in floating point, or accepts a counterexample up to a",
    "tolerance, may report sat where all outputs are 0 (rounding of sums), and unsat where they are positive on a",
    "thin cone only.  So sat is a proposal, to be replayed exactly, and unsat is the verifier's claim.",
)

_STATUS = re.compile(r"^\s*(sat|unsat|unknown|timeout|holds|violated)\s*$", re.MULTILINE | re.IGNORECASE)
_SAT, _UNSAT = ("sat", "violated"), ("unsat", "holds")
# (X_0 0.5), X_0 = 0.5, (= X[0,0] 0.5): a name and the number after it.
_VALUE = re.compile(
    r"""\bX(?:_(?P<flat>[0-9]{1,9})|\s?\[\s*(?:0\s*,\s*)?(?P<index>[0-9]{1,9})\s*\])[\s:=,"]+
        (?:\(-\s*(?P<negative>[0-9][0-9.eE+/-]*)\s*\)|(?P<value>[+-]?[0-9.][0-9.eE+/-]*))""",
    re.ASCII | re.VERBOSE,
)


def counterexample(asked: Asked, answer: str) -> Claim:
    """``sat`` and the values of X_0, X_1, ... (or X[0,0], X[0,1], ...), as verifiers write them.

    Proposed are the direction as the decimals say, roundings of it, and a point inside the cone of its kinks'
    phases.  Raises AnswerError.
    """
    status = _STATUS.search(answer)
    word = status[1].lower() if status else "sat"
    if word not in _SAT:
        return Claim(False if word in _UNSAT else None)
    values: dict[int, Fraction] = {}
    for match in _VALUE.finditer(answer):
        index = int(match["flat"] or match["index"])
        number = exact_number(match["value"] or match["negative"], f"X_{index}")
        values.setdefault(index, number if match["value"] else -number)
    if not values:
        if status is None:
            raise AnswerError("neither a line sat, unsat or unknown nor a value of X_0, X_1, ...")
        return Claim(True)
    inputs = asked.flat.inputs
    missing = next((index for index in range(inputs) if index not in values), None)
    if missing is not None:
        raise AnswerError(f"no value of X_{missing}; there are {inputs} inputs")
    direction = [values[index] for index in range(inputs)]
    try:
        encoding = box_model(asked)
    except EncodingError:  # its numbers are too large for a model in floating point, and need no rounding here
        return Claim(True, [integer_direction(direction)[0]])
    return Claim(True, encoding.directions(encoding.point(direction), Limits()))
