"""Functions of jax: the import beside jax's own values, what is refused, and audits of what jax returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.api.audit_jax import program_of
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.models.jax_function import read_function
from subgrad_hardness.net.evaluation import value

jax: Any = pytest.importorskip("jax", reason="jax is not installed: functions are not imported")
jnp, lax, nn = jax.numpy, jax.lax, jax.nn

CONV = lax.conv_general_dilated


def convolved(x: Any) -> Any:
    filters = jnp.arange(24.0).reshape(4, 1, 3, 2) - 11
    one = CONV(x, filters, (1, 2), ((1, 1), (0, 1)), rhs_dilation=(1, 2), feature_group_count=2)
    numbers = ("NHWC", "HWIO", "NHWC")
    return one.sum() + CONV(x.transpose(0, 2, 3, 1), jnp.ones((2, 2, 2, 3)), (1, 1), "SAME", dimension_numbers=numbers)


def pooled(x: Any) -> Any:
    highest = lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 3), (1, 1, 2, 1), "SAME")
    total = lax.reduce_window(x, 0.0, lax.add, (1, 1, 3, 1), (1, 1, 1, 1), "SAME", window_dilation=(1, 1, 1, 1))
    return highest.sum() - total.max()


VALUES: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "moves": (lambda x: jnp.concatenate([x[1:], x[:1]]).reshape(2, 2).T[::-1] * 2 - 1 + jnp.roll(x, 1)[:2], (4,)),
    "places": (lambda x: x[jnp.array([2, 0, -1])] - jnp.take(x, 1) + jnp.diag(x).sum() + jnp.tile(x, 2)[3:6], (4,)),
    "set": (lambda x: x.at[0].set(2.0).at[1].set(x[2]) + jnp.pad(x, 1, constant_values=3.0)[:4], (4,)),
    "stacks": (lambda x: jnp.stack([x, -x]).max(0) + jnp.split(x, 2)[1].min() + jnp.cumsum(x[::-1]), (4,)),
    "clips": (lambda x: jnp.clip(x, -0.5, 0.2) + nn.relu6(3 * x) + nn.hard_sigmoid(x) + lax.clamp(-0.1, x, 1.0), (4,)),
    "choices": (
        lambda x: nn.leaky_relu(x, 0.3) + nn.hard_tanh(3 * x) + jnp.fmin(x, 0.1) + jnp.where(x < 0, -x, x),
        (4,),
    ),
    "products": (lambda x: jnp.einsum("bij,bjk->bik", x, jnp.arange(12.0).reshape(2, 3, 2)).mean(1), (2, 2, 3)),
    "left": (lambda x: jnp.arange(6.0).reshape(2, 3) @ x / 3 - jnp.ones(3) @ x, (3,)),
    "convolved": (convolved, (1, 2, 4, 4)),
    "pooled": (pooled, (1, 1, 4, 4)),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_those_of_jax(name: str) -> None:
    function, shape = VALUES[name]
    x = jax.random.normal(jax.random.key(1), shape)
    exact = value(program_of(function, x), x.reshape(-1).tolist())
    found = function(x).reshape(-1).tolist()
    assert [float(entry) for entry in exact] == pytest.approx(found, rel=1e-5, abs=1e-5)


def _doubled(x: Any) -> Any:
    return 2 * jnp.maximum(x, 0)


_other: Any = jax.custom_jvp(_doubled)
_other.defjvps(lambda dx, out, x: dx)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (nn.sigmoid, "logistic_1: is no primitive that is read"),
        (lambda x: x / x, "div_1: the divisor depends"),
        (lambda x: jnp.where(x > 0, x + 1, x), "jumps, or is not seen"),
        (lambda x: jnp.where(x > 1, 1, jnp.maximum(x, 2)), "jumps, or is not seen"),
        (lambda x: jnp.where(x > 1, x, 0.5 * x), "jumps, or is not seen"),
        (jnp.sort, "sort_1: sorts"),
        (lambda x: x[jnp.argmax(x)], "argmax_1: places of maxima jump"),
        (lambda x: x - lax.stop_gradient(x), "stop_gradient_1: stops gradients"),
        (lambda x: x.astype(jnp.float16), "changes the type"),
        (_other, "has a derivative of its own"),
        (lambda x: jnp.zeros(2), "does not depend on"),
    ],
)
def test_what_is_refused_is_named(function: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(NetError, match=words):
        read_function(function, (jnp.zeros(2),), (0,))


ZERO: tuple[tuple[Callable[[Any], Any], float], ...] = (
    (lambda x: nn.relu(x) - jnp.maximum(x, 0), 0.0),
    (lambda x: nn.hard_tanh(x) - jnp.clip(x, -1, 1), 1.0),
    (lambda x: nn.hard_tanh(x) - lax.clamp(-1.0, x, 1.0), -1.0),
    (lambda x: jnp.where(x > 0, x, 0) - jnp.where(x >= 0, x, 0), 0.0),
    (lambda x: nn.leaky_relu(x, 0.5) - 0.5 * (x + nn.relu(x)), 0.0),
)


@pytest.mark.parametrize(("function", "point"), ZERO)
def test_functions_that_are_zero(function: Callable[[Any], Any], point: float) -> None:
    """Whatever the installed jax does at these ties, it is explained, and judged for what it is: 0 or wrong."""
    found = sh.audit_jax(function, jnp.float32(point))
    assert found.explained is not None and found.explained.explains
    assert (found.verdict == "lexicographic") is not any(found.vector[0])


def _filtered(filters: Any, x: Any) -> Any:
    return jnp.square(nn.relu(lax.conv(x, filters, (1, 1), "SAME")).sum() - 1)


@pytest.mark.parametrize("mode", ["backward", "forward"])
def test_products_of_what_is_asked_about(mode: str) -> None:
    given = (jnp.array([[[[1.0, -2.0], [0.5, 0.25]]]]), jnp.arange(9.0).reshape(1, 1, 3, 3))
    found = sh.audit_jax(_filtered, given, mode=mode)
    assert found.explained is not None and found.explained.explains and len(found.vector[0]) == 13


def test_arguments_and_gradcheck() -> None:
    def net(weights: Any, x: Any) -> Any:
        return nn.relu(weights["first"] @ x).max()

    given = ({"first": jnp.ones((2, 2))}, jnp.array([1.0, -1.0]))
    found = sh.audit_jax(net, given, argnums=0)
    assert len(found.vector[0]) == 4 and found.explained is not None and found.explained.explains
    assert sh.audit_jax(net, given).explained.explains  # type: ignore[union-attr]
    with pytest.raises(sh.ParameterError, match="2 are no different numbers of 2 arguments"):
        sh.audit_jax(net, given, argnums=2)
    assert not sh.gradcheck(lambda x: nn.relu(x) - nn.relu(-x), jnp.zeros(1))
