"""What ``jax.make_jaxpr`` writes, as one list of primitives: calls of functions within are opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from subgrad_hardness.models.equations import Flat, Name, named_outputs

#: Calls of a function that are carried out as if it stood there, and those with a derivative of their own.
CALLS = frozenset(("jit", "pjit", "closed_call", "core_call", "remat", "remat2", "checkpoint"))
OWN_RULES = frozenset(("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr"))
#: Primitives that give back what they are given.
SAME = frozenset(("copy", "copy_p", "optimization_barrier"))


class Equation(NamedTuple):
    """One primitive: what it reads, names or constants, and the names of its results."""

    name: str
    primitive: Any
    params: dict[str, Any]
    inputs: tuple[Any, ...]
    outputs: tuple[str, ...]

    @property
    def operation(self) -> str:
        """The primitive's name."""
        return str(self.primitive.name)

    def results(self, arguments: Sequence[Any]) -> list[Any]:
        """What jax makes of these arguments, custom derivatives included."""
        bound = self.primitive.get_bind_params(self.params)
        functions, params = bound if isinstance(bound, tuple) else ((), bound)  # older versions of jax have both
        found: list[Any] = self.primitive.bind(*functions, *arguments, **params)
        return list(found) if self.primitive.multiple_results else [found]


def flattened(
    jaxpr: Any, constants: Sequence[Any], inputs: Iterable[str], opened: frozenset[str] = CALLS
) -> Flat[Equation]:
    """A jaxpr with its constants, whose inputs bear these names, with all calls in ``opened`` opened; linear."""
    equations: list[Equation] = []
    outputs = _open(jaxpr, constants, [Name(name) for name in inputs], opened, equations)
    return Flat(tuple(equations), tuple(outputs))


def inner(params: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
    """The program that a call opens to, and its constants."""
    found: Any = params.get("jaxpr") or params.get("call_jaxpr") or params.get("fun_jaxpr")
    return (found.jaxpr, found.consts) if hasattr(found, "consts") else (found, ())


def _open(
    jaxpr: Any, constants: Sequence[Any], inputs: Sequence[Any], opened: frozenset[str], equations: list[Equation]
) -> list[Any]:
    values = dict[Any, Any](zip(jaxpr.constvars, constants, strict=True))
    values.update(zip(jaxpr.invars, inputs, strict=True))

    def read(atom: Any) -> Any:
        return atom.val if hasattr(atom, "val") else values[atom]

    for equation in jaxpr.eqns:
        name, given = equation.primitive.name, tuple([read(atom) for atom in equation.invars])
        if name in opened:
            results = _open(*inner(equation.params), given, opened, equations)
        else:
            own = f"{name}_{len(equations) + 1}"
            outputs = named_outputs(own, len(equation.outvars))
            equations.append(Equation(own, equation.primitive, equation.params, given, outputs))
            results = [Name(output) for output in outputs]
        values.update(zip(equation.outvars, results, strict=True))
    return [read(atom) for atom in jaxpr.outvars]
