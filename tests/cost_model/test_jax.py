"""Functions of JAX: counts of JAX's own cost analysis, and gradients, where JAX is installed."""

from __future__ import annotations

from typing import Any

import pytest

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.jax_functions import from_jax
from subgrad_hardness.cost_model.weights import Weights

jax = pytest.importorskip("jax")


def flops(function: Any, *arguments: Any) -> float:
    found = jax.jit(function).lower(*arguments).cost_analysis()
    return float(found["flops"])


@pytest.mark.parametrize(
    ("function", "expected"), [(lambda a, b, c: a * (b + c), (2, 2)), (lambda a, b, c: a * b + a * c, (3, 4))]
)
def test_counts_are_those_of_jax(function: Any, expected: tuple[int, int]) -> None:
    program = from_jax(function, 2.0, 3.0, 5.0)
    counted = [Weights().cost(each.counts) for each in (program, backward(program, at=program.point))]
    assert counted == list(expected)
    every = jax.value_and_grad(function, argnums=(0, 1, 2))
    assert [flops(function, 2.0, 3.0, 5.0), flops(every, 2.0, 3.0, 5.0)] == counted


def test_a_net_and_smooth_functions() -> None:
    jnp, nn = jax.numpy, jax.nn
    weights = jnp.arange(1.0, 13.0).reshape(3, 4) / 7 - 1

    def net(x: Any) -> Any:
        hidden = nn.relu(weights @ x)
        return jnp.sum(jnp.where(hidden > 0.2, hidden**2, jnp.tanh(hidden))) / jnp.max(x) + jnp.sqrt(x @ x)

    x = jnp.array([0.5, -1.0, 2.0, 1.5])
    program = from_jax(net, x)
    value, *gradient = backward(program).run(program.point)
    assert value == pytest.approx(float(net(x)), rel=1e-5)
    assert gradient == pytest.approx([float(entry) for entry in jax.grad(net)(x)], rel=1e-4)


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(ParameterError, match="the primitive sin of JAX is not known"):
        from_jax(jax.numpy.sin, 1.0)
