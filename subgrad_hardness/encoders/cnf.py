"""DIMACS CNF, whichever kind the net has: the circuit's if it is complete within its limits, else that of the bits.

Which one it is depends on the net alone, so ``decode`` finds out by trying again.
"""

from __future__ import annotations

from subgrad_hardness.encoders.cnf_bits import BitsCnf
from subgrad_hardness.encoders.cnf_circuit import CircuitCnf
from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, EncodingError
from subgrad_hardness.encoders.dimacs import read_answer


class DimacsCnf(Encoder):
    """``cnf-circuit`` where that is possible, else ``cnf-bits``; the file says which."""

    name = "cnf"
    suffix = ".cnf"
    otherwise, like = "smtlib", "cnf-circuit or cnf-bits"
    summary = "DIMACS CNF for SAT solvers (CaDiCaL, kissat): cnf-circuit where that is possible, else cnf-bits"

    def __init__(self) -> None:
        self._circuit = CircuitCnf()
        self._bits = BitsCnf()

    def apply(self, asked: Asked) -> str:
        """Raises EncodingError where neither is possible."""
        try:
            return self._circuit.apply(asked)
        except EncodingError as problem:
            circuit = problem
        try:
            return self._bits.apply(asked)
        except EncodingError as problem:
            message = f"{self._circuit.name}: {circuit.message}; {self._bits.name}: {problem.message}"
            raise EncodingError(message) from None

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """A model costs as much as encoding again."""
        satisfiable, model = read_answer(answer)
        if model is None:
            return Claim(satisfiable)
        try:
            self._circuit.apply(asked)
        except EncodingError:
            return self._bits.inverse(asked, answer)
        return self._circuit.inverse(asked, answer)
