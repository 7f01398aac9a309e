"""Counts against those of other tools, where they are installed, and against what these were found to say."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.tracing import trace
from subgrad_hardness.cost_model.weights import Weights

ROOT = Path(__file__).parents[2]


def factored(a: Any, b: Any, c: Any) -> Any:
    return a * (b + c)


def expanded(a: Any, b: Any, c: Any) -> Any:
    return a * b + a * c


def product(*factors: Any) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


#: A function, its inputs; what JAX 0.10.2 (``cost_analysis``) and CasADi 3.8.2 (``n_instructions``, operations alone)
#: say of its value, and of its value with the gradient.
KNOWN: list[tuple[Callable[..., Any], int, int, int]] = [
    (factored, 3, 2, 2),
    (expanded, 3, 3, 4),
    (product, 5, 4, 10),
    (product, 10, 9, 25),
    (product, 100, 99, 295),
]


@pytest.mark.parametrize(("function", "inputs", "value", "gradient"), KNOWN)
def test_counts_that_other_tools_were_found_to_have(
    function: Callable[..., Any], inputs: int, value: int, gradient: int
) -> None:
    program = trace(function, range(2, 2 + inputs))
    counted = [Weights().cost(each.counts) for each in (program, backward(program, at=program.point))]
    assert counted == [value, gradient]


@pytest.mark.skipif(importlib.util.find_spec("casadi") is None, reason="casadi is not installed")
@pytest.mark.parametrize(("function", "inputs", "value", "gradient"), KNOWN)
def test_casadi(function: Callable[..., Any], inputs: int, value: int, gradient: int) -> None:
    import casadi

    x = casadi.SX.sym("x", inputs)
    result = function(*[x[place] for place in range(inputs)])
    free = {casadi.OP_INPUT, casadi.OP_OUTPUT, casadi.OP_CONST}

    def counted(*outputs: Any) -> int:
        made = casadi.Function("f", [x], list(outputs))
        return sum(made.instruction_id(number) not in free for number in range(made.n_instructions()))

    assert counted(result) == value
    assert counted(result, casadi.gradient(result, x)) == gradient


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")
@pytest.mark.parametrize(("function", "inputs", "value", "gradient"), KNOWN[:2])
def test_jax(function: Callable[..., Any], inputs: int, value: int, gradient: int) -> None:
    import jax

    point = [float(entry) for entry in range(2, 2 + inputs)]
    every = jax.value_and_grad(function, argnums=tuple(range(inputs)))
    found = [jax.jit(each).lower(*point).cost_analysis()["flops"] for each in (function, every)]
    assert found == [value, gradient]


@pytest.mark.skipif(importlib.util.find_spec("sympy") is None, reason="sympy is not installed")
def test_second_derivatives_against_sympy(monkeypatch: pytest.MonkeyPatch) -> None:
    """``backward`` of ``backward`` on 50 smooth programs."""
    monkeypatch.syspath_prepend(ROOT / "scripts" / "campaigns")
    from count_random import wrong_second_derivatives

    assert wrong_second_derivatives(0) == 0
