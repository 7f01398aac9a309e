"""Bottom-up merging of equal terms, as SAT sweeping merges equal nodes of a circuit (Kuehlmann et al. 2002).

Terms are looked at in their order.  Where the signatures guess that a term is one of its own sides, linear, or a
multiple of an earlier term plus something linear, both signs of the difference are asked for, on the circuit of the
earlier terms.  If neither is positive anywhere, the shape stands for the term from then on, in later differences too:
they grow simpler, and mostly stay small, however large the whole net is.
"""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.gordan import GordanSearch
from subgrad_hardness.engine.circuit.triangles import Conflict
from subgrad_hardness.engine.contract import GaveUp, RoomReached
from subgrad_hardness.engine.thresholds.cuts import CutCircuit
from subgrad_hardness.engine.thresholds.signatures import Signatures
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import KinkValues, NormalForm
from subgrad_hardness.question.coordinates import Coordinates

# A guess may cost this many gates and conflicts of the cone; and of equal signatures so many are tried.
_GATES, _CONFLICTS, _TRIED = 4_000, 300, 2


class Sweep:
    """A net's terms, equal ones merged, and their circuit.

    Attributes
    ----------
    terms : the terms; reading them on (``Terms.read``) merges them.
    circuit : over them.
    conflicts : the conflicts that the proofs of the merges rest on.
    """

    def __init__(self, net: LocalNet, normal: NormalForm, values: KinkValues) -> None:
        self.terms = Terms(net, normal, values, self._settle)
        self.circuit = CutCircuit(self.terms)
        self.conflicts: list[Conflict] = []
        self._coordinates = Coordinates(tuple(range(net.inputs)), net.inputs)
        self._alike: dict[bytes, list[int]] = {}
        self._signatures: Signatures | None = Signatures(self.terms)

    def _settle(self, variable: int, limits: Limits) -> Form | None:
        """A shape over earlier terms that is equal to a new one, if a guess holds."""
        signatures = self._signatures
        if signatures is None:
            return None
        try:
            signatures.add()
            for shape in self._guesses(signatures, variable):
                difference = {variable: 1}
                add(difference, shape, -1)
                if self._is_zero(difference, limits):
                    return shape
            self._alike.setdefault(signatures.signature(variable).residue, []).append(variable)
        except OverflowError:  # no guesses from here on
            self._signatures = None
        return None

    def _guesses(self, signatures: Signatures, variable: int) -> Iterator[Form]:
        """What the term may be, over inputs and terms that were kept."""
        term = self.terms.terms[variable - self.terms.inputs]
        value = signatures.at({variable: term.factor})
        for side in (term.left, term.right):
            if (signatures.at(side) == value).all() and not any(entry % term.factor for entry in side.values()):
                yield {index: entry // term.factor for index, entry in side.items()}
        residue, factor = signatures.signature(variable)
        if not factor:
            yield signatures.linear_part({variable: 1})
            return
        for other in self._alike.get(residue, [])[:_TRIED]:
            unit = signatures.signature(other).factor
            if factor % unit == 0:
                shape = {other: factor // unit}
                add(shape, signatures.linear_part({variable: 1, other: -factor // unit}), 1)
                yield shape

    def _is_zero(self, difference: Form, limits: Limits) -> bool:
        """Whether the difference is positive nowhere, nor is its opposite, as far as a small effort can tell."""
        circuit, room = self.circuit, self.circuit.room
        if not self.terms.form(difference):
            return True
        circuit.room = len(circuit.forms) + _GATES
        try:
            opposite = {variable: -entry for variable, entry in difference.items()}
            literals = [circuit.gate(dict(circuit.learn(shape)), limits) for shape in (difference, opposite)]
            search = GordanSearch(
                self._coordinates, circuit.forms, circuit.gates, literals, half=None, constraints=(), known=[]
            )
            if search.run(limits, _CONFLICTS) is not None:
                return False
        except (RoomReached, GaveUp):
            return False
        finally:
            circuit.room = max(room, len(circuit.forms) + _GATES)
        self.conflicts += search.lemmas
        return True
