"""The programs that arguments are about: docs/certificate.md, section 10, "Programs made of the program".

Written from the document alone; the standard library and nothing else.
"""

from __future__ import annotations

from fractions import Fraction

from support.second_argument import Form, Local, combination
from support.second_nets import Affine, Net, Smooth

ONE = Fraction(1)


def directional(local: Local) -> Local:
    """F'(x0; d), the kinks numbered from 0 in the order of their relu numbers."""
    return _with_outputs(local.inputs, _copy(local, [{j: ONE} for j in range(local.inputs)], local.inputs, 0))


def shifted(local: Local, direction: list[Fraction]) -> Local:
    """F'(y + t u) - F'(y) over y and t."""
    size = local.inputs
    moved = [combination([({j: ONE}, 1), ({size: ONE}, direction[j])]) for j in range(size)]
    there = _copy(local, moved, size + 1, 0)
    here = _copy(local, [{j: ONE} for j in range(size)], size + 1, len(local.kinks))
    return _with_outputs(size + 1, there, here)


def subadditive(local: Local) -> Local:
    """F'(y + u) - F'(y) - F'(u) over y and u."""
    size, count = local.inputs, len(local.kinks)
    both = _copy(local, [{j: ONE, size + j: ONE} for j in range(size)], 2 * size, 0)
    first = _copy(local, [{j: ONE} for j in range(size)], 2 * size, count)
    second = _copy(local, [{size + j: ONE} for j in range(size)], 2 * size, 2 * count)
    return _with_outputs(2 * size, both, first, second)


def homogenised(net: Net) -> Local:
    """t F(x / t) over x and t: all relus stay."""
    return _with_outputs(len(net.inputs) + 1, _scaled(net, 0))


def difference(first: Net, second: Net) -> Local:
    """t F(x / t) - t G(x / t) over x and t."""
    return _with_outputs(len(first.inputs) + 1, _scaled(first, 0), _scaled(second, len(first.relus)))


def value(local: Local, point: list[Fraction]) -> list[Fraction]:
    """The outputs at a point."""
    values = dict(enumerate(point))

    def at(form: Form) -> Fraction:
        return sum((factor * values[variable] for variable, factor in form.items()), start=Fraction(0))

    for number, form in local.kinks.items():
        values[local.inputs + number] = max(at(form), Fraction(0))
    return [at(form) for form in local.outputs]


def _with_outputs(inputs: int, first: Local, *others: Local) -> Local:
    """The first program minus the others."""
    kinks = dict(first.kinks)
    outputs = first.outputs
    for other in others:
        kinks |= other.kinks
        outputs = [combination([(one, 1), (two, -1)]) for one, two in zip(outputs, other.outputs, strict=True)]
    return Local(inputs, kinks, outputs)


def _copy(local: Local, arguments: list[Form], inputs: int, first: int) -> Local:
    """The localised program at ``arguments``, forms in ``inputs`` other variables; kinks numbered from ``first``."""
    place = {number: inputs + first + index for index, number in enumerate(sorted(local.kinks))}
    new = dict(enumerate(arguments)) | {local.inputs + number: {there: ONE} for number, there in place.items()}

    def moved(form: Form) -> Form:
        return combination((new[variable], factor) for variable, factor in form.items())

    kinks = {place[number] - inputs: moved(form) for number, form in local.kinks.items()}
    return Local(inputs, kinks, [moved(form) for form in local.outputs])


def _scaled(net: Net, first: int) -> Local:
    """The program with all constants times t, the variable after the inputs; its relus numbered from ``first``."""
    size = len(net.inputs)
    numbers = {handle: first + number for number, handle in enumerate(net.relus)}
    forms: list[Form] = [{j: ONE} for j in range(size)]
    kinks: dict[int, Form] = {}
    for handle, node in enumerate(net.nodes, size):
        assert not isinstance(node, Smooth)  # claims about regions are refused before
        if isinstance(node, Affine):
            forms.append(
                combination([*((forms[each], factor) for factor, each in node.terms), ({size: ONE}, node.constant)])
            )
        else:
            kinks[numbers[handle]] = forms[node.argument]
            forms.append({size + 1 + numbers[handle]: ONE})
    return Local(size + 1, kinks, [forms[output] for output in net.outputs])
