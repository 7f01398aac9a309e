"""The question as quantifier-free linear real arithmetic (QF_LRA).

With d unbounded, "some output k and sign s have s (F'_k(d) - g_k d) >= 1" is exact, because both sides
are positively homogeneous: no box and no big-M.  A kink a = relu(z) is a >= 0, a >= z and
(a <= 0 or a <= z), which z3, cvc5 and yices take 3 to 30 times faster than an if-then-else.

Two ways to write the sums of a local net: ``encode`` multiplies them out until only inputs and kinks are
left, ``encode_sums`` names each sum by a variable of its own.

Texts are in the syntax that SMT-LIB 2 and Yices' own language share; a ``Namer`` names the variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from subgrad_hardness.local.local_net import Kink, LocalNet
from subgrad_hardness.net.rational import format_int
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.linear_form import Form, add

#: The name of a variable, from its number.
Namer = Callable[[int], str]


class Inequality(NamedTuple):
    """form >= bound."""

    form: Form
    bound: int


class Encoding(NamedTuple):
    """Reals 0..``variables`` - 1, the inputs first; ``zero`` forms vanish, a clause is a disjunction.

    The question is "yes" iff one of the ``goals`` is feasible with all the rest.
    """

    inputs: int
    variables: int
    zero: tuple[Form, ...]
    clauses: tuple[tuple[Inequality, ...], ...]
    goals: tuple[Inequality, ...]


def encode(flat: FlatNet, goals: Iterable[Form]) -> Encoding:
    """The encoding over inputs and kinks only; ``goals`` are the forms that are nonzero somewhere, if any."""
    kinks = enumerate(flat.kinks, start=flat.inputs)
    return Encoding(flat.inputs, flat.inputs + len(flat.kinks), (), _clauses(kinks), _signed(goals))


def encode_sums(net: LocalNet, subgradient: Iterable[Iterable[int]]) -> Encoding:
    """The encoding with a variable for each sum of the net; ``subgradient`` is g before the output scales."""
    zero: list[Form] = []
    kinks: list[tuple[int, Form]] = []
    for variable, node in enumerate(net.nodes, start=net.inputs):
        if isinstance(node, Kink):
            kinks.append((variable, {node.argument: 1}))
        else:
            zero.append(_minus({variable: 1}, dict(zip(node.arguments, node.coefficients, strict=True))))
    goals = []
    for output, row in zip(net.outputs, subgradient, strict=True):
        linear = {index: entry for index, entry in enumerate(row) if entry}
        goals.append(_minus({output: 1} if output >= 0 else {}, linear))
    return Encoding(net.inputs, net.inputs + len(net.nodes), tuple(zero), _clauses(kinks), _signed(goals))


def _clauses(kinks: Iterable[tuple[int, Form]]) -> tuple[tuple[Inequality, ...], ...]:
    clauses: list[tuple[Inequality, ...]] = []
    for variable, preactivation in kinks:
        above = _minus({variable: 1}, preactivation)
        clauses += [
            (Inequality({variable: 1}, 0),),
            (Inequality(above, 0),),
            (Inequality({variable: -1}, 0), Inequality(_minus({}, above), 0)),
        ]
    return tuple(clauses)


def _signed(goals: Iterable[Form]) -> tuple[Inequality, ...]:
    return tuple(Inequality(form, 1) for goal in goals if goal for form in (goal, _minus({}, goal)))


def _minus(form: Form, other: Form) -> Form:
    result = dict(form)
    add(result, other, -1)
    return result


def form_text(form: Form, name: Namer) -> str:
    """A linear form as a term."""
    terms = [
        name(variable) if coefficient == 1 else f"(* {number_text(coefficient)} {name(variable)})"
        for variable, coefficient in sorted(form.items())
    ]
    return f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0] if terms else "0"


def number_text(number: int) -> str:
    """An integer as a term."""
    return format_int(number) if number >= 0 else f"(- {format_int(-number)})"


def clause_text(clause: Iterable[Inequality], name: Namer) -> str:
    """A disjunction of inequalities as a formula; ``false`` for none."""
    texts = [f"(>= {form_text(inequality.form, name)} {number_text(inequality.bound)})" for inequality in clause]
    if not texts:
        return "false"
    return texts[0] if len(texts) == 1 else f"(or {' '.join(texts)})"


def formulas(encoding: Encoding, name: Namer) -> Iterator[str]:
    """Everything but the goals."""
    yield from (f"(= {form_text(form, name)} 0)" for form in encoding.zero)
    yield from (clause_text(clause, name) for clause in encoding.clauses)


def commands(encoding: Encoding, name: Namer) -> Iterator[str]:
    """Everything but the goals as SMT-LIB 2 commands, without ``set-logic``."""
    yield from (f"(declare-fun {name(variable)} () Real)" for variable in range(encoding.variables))
    yield from (f"(assert {formula})" for formula in formulas(encoding, name))
