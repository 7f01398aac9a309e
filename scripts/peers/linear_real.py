"""The question as quantifier-free linear real arithmetic (QF_LRA), for SMT solvers.

With d unbounded, "some output k and sign s have s (F'_k(d) - g_k d) >= 1" is exact, because both sides
are positively homogeneous: no box and no big-M.  A kink z = relu(y) is z >= 0, z >= y and
(z <= 0 or z <= y), which all three solvers take 3 to 30 times faster than an if-then-else.

Two ways to write the sums of a local net: ``shared`` names each sum by a variable of its own;
otherwise sums are multiplied out until only inputs and kinks are left (``flatten``).

``text`` writes atoms and clauses in the syntax that SMT-LIB 2 and Yices' own language share.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from subgrad_hardness.engine.contract import Question
from subgrad_hardness.local.flatten import Form, flatten
from subgrad_hardness.local.local_net import Kink, LocalNet


class Atom(NamedTuple):
    """form >= bound."""

    form: Form
    bound: int


class Encoding(NamedTuple):
    """Reals 0..``variables`` - 1, the inputs first; ``zero`` forms vanish, a clause is a disjunction.

    The question is "yes" iff one of the ``goals``, each an atom to be asked for alone, is feasible
    (asking for one at a time was as fast or faster in every solver than a disjunction of them).
    """

    inputs: int
    variables: int
    zero: tuple[Form, ...]
    clauses: tuple[tuple[Atom, ...], ...]
    goals: tuple[Atom, ...]


def encode(question: Question, shared: bool = False) -> Encoding:
    """The encoding of the raw local net, before any normal form."""
    net = question.net
    zero, kinks, outputs, variables = _named_sums(net) if shared else _multiplied_out(net)
    clauses: list[tuple[Atom, ...]] = []
    for variable, preactivation in kinks:
        value = {variable: 1}
        above = _minus(value, preactivation)
        clauses += [(Atom(value, 0),), (Atom(above, 0),), (Atom({variable: -1}, 0), Atom(_times(above, -1), 0))]
    goals = []
    for output, row in zip(outputs, question.reference, strict=True):
        form = _minus(output, {index: entry for index, entry in enumerate(row) if entry})
        if form:
            goals += [Atom(form, 1), Atom(_times(form, -1), 1)]
    return Encoding(net.inputs, variables, zero, tuple(clauses), tuple(goals))


_Parts = tuple[tuple[Form, ...], list[tuple[int, Form]], list[Form], int]


def _named_sums(net: LocalNet) -> _Parts:
    zero: list[Form] = []
    kinks: list[tuple[int, Form]] = []
    for reference, node in enumerate(net.nodes, start=net.inputs):
        if isinstance(node, Kink):
            kinks.append((reference, {node.argument: 1}))
        else:
            zero.append(_minus({reference: 1}, dict(zip(node.arguments, node.coefficients, strict=True))))
    outputs: list[Form] = [{output: 1} if output >= 0 else {} for output in net.outputs]
    return tuple(zero), kinks, outputs, net.inputs + len(net.nodes)


def _multiplied_out(net: LocalNet) -> _Parts:
    flat = flatten(net)
    return (), list(enumerate(flat.kinks, start=net.inputs)), list(flat.outputs), net.inputs + len(flat.kinks)


def _times(form: Form, factor: int) -> Form:
    return {variable: factor * coefficient for variable, coefficient in form.items()}


def _minus(form: Form, other: Form) -> Form:
    result = dict(form)
    for variable, coefficient in other.items():
        result[variable] = result.get(variable, 0) - coefficient
    return {variable: coefficient for variable, coefficient in result.items() if coefficient}


def names(encoding: Encoding) -> Iterable[str]:
    """The variables' names in ``text``."""
    return (f"v{variable}" for variable in range(encoding.variables))


def form_text(form: Form) -> str:
    """A linear form as a term."""
    terms = [
        f"v{variable}" if coefficient == 1 else f"(* {number_text(coefficient)} v{variable})"
        for variable, coefficient in sorted(form.items())
    ]
    return f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0] if terms else "0"


def number_text(number: int) -> str:
    """An integer as a term."""
    return str(number) if number >= 0 else f"(- {-number})"


def clause_text(clause: Iterable[Atom]) -> str:
    """A disjunction of atoms as a formula."""
    atoms = [f"(>= {form_text(atom.form)} {number_text(atom.bound)})" for atom in clause]
    return atoms[0] if len(atoms) == 1 else f"(or {' '.join(atoms)})"


def formulas(encoding: Encoding) -> Iterable[str]:
    """Everything but the goals."""
    yield from (f"(= {form_text(form)} 0)" for form in encoding.zero)
    yield from map(clause_text, encoding.clauses)


def smtlib(encoding: Encoding) -> str:
    """Everything but the goals as SMT-LIB 2 commands, without ``set-logic``."""
    declared = (f"(declare-const {name} Real)" for name in names(encoding))
    return "\n".join((*declared, *(f"(assert {formula})" for formula in formulas(encoding))))
