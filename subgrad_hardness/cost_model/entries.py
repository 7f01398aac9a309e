"""The dictionary: every operation with its value, its sweep back and its push forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.rules import Applied, Entry, PullRule, PushRule, Value_, ValueRule
from subgrad_hardness.cost_model.sorting import SORT
from subgrad_hardness.cost_model.writing import ONE, ZERO, Plain, Term, constant

_TWO = constant(2)


def _counted(name: str) -> ValueRule:
    """The value of a counted operation is that operation."""
    return lambda m, arguments, parameter: (m.write(name, *arguments), ())


def _nothing(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    return [ZERO] * len(node.arguments)


def _no_tangent(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    return ZERO


def _pull_mul(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    x, y = node.arguments
    return m.mul(w, y), m.mul(w, x)


def _push_mul(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    (x, y), (dx, dy) = node.arguments, tangents
    return m.add(m.mul(dx, y), m.mul(x, dy))


def _pull_div(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    share = m.div(w, node.arguments[1])
    return share, m.neg(m.mul(share, node.value))


def _push_div(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    dx, dy = tangents
    return m.div(m.sub(dx, m.mul(node.value, dy)), node.arguments[1])


def _pull_pick(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    outcome = node.arguments[0]
    return ZERO, m.pick(outcome, w, ZERO, ZERO), m.pick(outcome, ZERO, w, ZERO), m.pick(outcome, ZERO, ZERO, w)


def _push_pick(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    return m.pick(node.arguments[0], *tangents[1:])


def _by_slope(slope: Callable[[Plain, Applied, Term], Term]) -> tuple[PullRule, PushRule]:
    """The two rules of an operation of one argument from ``slope(m, node, w)``, which writes slope * w."""

    def pull(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
        return (slope(m, node, w),)

    def push(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
        return slope(m, node, tangents[0])

    return pull, push


def _smooth(m: Plain, node: Applied, w: Term) -> Term:
    return m.mul(node.slope, w)


def _root_slope(m: Plain, node: Applied, w: Term) -> Term:
    return m.div(w, m.mul(_TWO, node.value))


def _relu(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    s = m.sign(arguments[0])
    return m.pick(s, ZERO, ZERO, arguments[0]), (s,)


def _abs(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    (t,) = arguments
    s = m.sign(t)
    return m.pick(s, m.neg(t), ZERO, t), (s,)


def _leaky(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    (t,) = arguments
    assert parameter is not None
    s, small = m.sign(t), m.mul(constant(parameter), t)
    return m.pick(s, small, small, t), (s,)


def _leaky_slope(m: Plain, node: Applied, w: Term) -> Term:
    small = m.mul(node.constant, w)
    return m.pick(node.kept[0], small, small, w)


def _elu(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    (t,) = arguments
    assert parameter is not None
    s = m.sign(t)
    grown = m.nonlinear("exp", m.pick(s, t, t, ZERO))  # the branch is paid for always; where it is not taken, at 0
    low = m.mul(constant(parameter), m.sub(grown, ONE))
    return m.pick(s, low, low, t), (s, grown)


def _elu_slope(m: Plain, node: Applied, w: Term) -> Term:
    low = m.mul(node.slope, w)
    return m.pick(node.kept[0], low, low, w)


def _clip(low: int, high: int) -> ValueRule:
    def value(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
        (t,) = arguments
        below, above = m.sign(t, constant(low)), m.sign(t, constant(high))
        inner = m.pick(above, t, constant(high), constant(high))
        return m.pick(below, constant(low), constant(low), inner), (below, above)

    return value


def _clip_slope(m: Plain, node: Applied, w: Term) -> Term:
    below, above = node.kept
    return m.pick(below, ZERO, ZERO, m.pick(above, w, ZERO, ZERO))


def _extreme(largest: bool) -> ValueRule:
    """The largest or smallest so far against the next; the first of equal ones stays."""

    def value(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
        best, outcomes = arguments[0], []
        for term in arguments[1:]:
            s = m.sign(term, best) if largest else m.sign(best, term)
            best = m.pick(s, best, best, term)
            outcomes.append(s)
        return best, tuple(outcomes)

    return value


def _pull_extreme(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    increments = []
    for s in reversed(node.kept):
        increments.append(m.pick(s, ZERO, ZERO, w))
        w = m.pick(s, w, w, ZERO)
    return [w, *reversed(increments)]


def _push_extreme(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    best = tangents[0]
    for s, tangent in zip(node.kept, tangents[1:], strict=True):
        best = m.pick(s, best, best, tangent)
    return best


def _sum(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    return m.total(arguments), ()


def _norm(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    size = m.nonlinear("sqrt", m.total([m.mul(term, term) for term in arguments]))
    return size, (m.sign(size),)


def _pull_norm(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    (s,) = node.kept
    share = m.div(m.pick(s, ZERO, ZERO, w), m.pick(s, ONE, ONE, node.value))  # at 0 all slopes are 0
    return [m.mul(term, share) for term in node.arguments]


def _push_norm(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    (s,) = node.kept
    total = m.total([m.mul(term, tangent) for term, tangent in zip(node.arguments, tangents, strict=True)])
    return m.div(m.pick(s, ZERO, ZERO, total), m.pick(s, ONE, ONE, node.value))


def _softplus(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    grown = m.nonlinear("exp", arguments[0])
    more = m.add(ONE, grown)
    return m.nonlinear("log", more), (grown, more)


def _sigmoid(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    return m.div(ONE, m.add(ONE, m.nonlinear("exp", m.neg(arguments[0])))), ()


def _tanh(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    grown = m.nonlinear("exp", m.add(arguments[0], arguments[0]))
    return m.div(m.sub(grown, ONE), m.add(grown, ONE)), ()


def _square(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    return m.mul(arguments[0], arguments[0]), ()


def _power(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    assert parameter is not None
    return _raised(m, arguments[0], int(parameter)), ()


def _power_slope(m: Plain, node: Applied) -> Term:
    assert node.parameter is not None
    if not node.parameter:
        return ZERO
    return m.mul(node.constant, _raised(m, node.arguments[0], int(node.parameter) - 1))


def _raised(m: Plain, t: Term, exponent: int) -> Term:
    """t^n by squaring; a negative power is a quotient."""
    if exponent < 0:
        return m.div(ONE, _raised(m, t, -exponent))
    if not exponent:
        return ONE
    power = t
    for digit in bin(exponent)[3:]:
        power = m.mul(power, power)
        power = m.mul(power, t) if digit == "1" else power
    return power


def _one(name: str, value: ValueRule, slope: Callable[[Plain, Applied, Term], Term], **more: object) -> Entry:
    pull, push = _by_slope(slope)
    return Entry(name=name, value=value, pull=pull, push=push, **more)  # type: ignore[arg-type]


ENTRIES: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(
            name="add",
            arity=2,
            value=_counted("add"),
            pull=lambda m, node, w: (w, w),
            push=lambda m, node, tangents: m.add(*tangents),
        ),
        Entry(
            name="sub",
            arity=2,
            value=_counted("sub"),
            pull=lambda m, node, w: (w, m.neg(w)),
            push=lambda m, node, tangents: m.sub(*tangents),
        ),
        _one("neg", _counted("neg"), lambda m, node, w: m.neg(w)),
        Entry(name="mul", arity=2, value=_counted("mul"), pull=_pull_mul, push=_push_mul),
        Entry(name="div", arity=2, value=_counted("div"), pull=_pull_div, push=_push_div),
        _one("square", _square, _smooth, prepare=lambda m, n: m.mul(_TWO, n.arguments[0])),
        _one("power", _power, _smooth, prepare=_power_slope, parameter=Fraction(3), shaped=True),
        Entry(name="sign", arity=2, value=_counted("sign"), pull=_nothing, push=_no_tangent, steps=True),
        Entry(name="pick", arity=4, value=_counted("pick"), pull=_pull_pick, push=_push_pick),
        _one("exp", _counted("exp"), lambda m, node, w: m.mul(w, node.value)),
        _one("log", _counted("log"), lambda m, node, w: m.div(w, node.arguments[0])),
        _one("sqrt", _counted("sqrt"), _root_slope),
        _one("relu", _relu, lambda m, node, w: m.pick(node.kept[0], ZERO, ZERO, w)),
        _one("abs", _abs, lambda m, node, w: m.pick(node.kept[0], m.neg(w), ZERO, w)),
        _one("leaky_relu", _leaky, _leaky_slope, parameter=Fraction(1, 100)),
        _one("hardtanh", _clip(-1, 1), _clip_slope),
        _one("relu6", _clip(0, 6), _clip_slope),
        Entry(name="max", arity=None, value=_extreme(True), pull=_pull_extreme, push=_push_extreme),
        Entry(name="min", arity=None, value=_extreme(False), pull=_pull_extreme, push=_push_extreme),
        Entry(
            name="sum",
            arity=None,
            value=_sum,
            pull=lambda m, node, w: [w] * len(node.arguments),
            push=lambda m, node, tangents: m.total(tangents),
        ),
        SORT,
        Entry(name="norm", arity=None, value=_norm, pull=_pull_norm, push=_push_norm),
        _one("elu", _elu, _elu_slope, prepare=lambda m, n: m.mul(n.constant, n.kept[1]), parameter=Fraction(1)),
        _one("softplus", _softplus, _smooth, prepare=lambda m, n: m.div(*n.kept)),
        _one("sigmoid", _sigmoid, _smooth, prepare=lambda m, n: m.mul(n.value, m.sub(ONE, n.value))),
        _one("tanh", _tanh, _smooth, prepare=lambda m, n: m.sub(ONE, m.mul(n.value, n.value))),
    )
}
