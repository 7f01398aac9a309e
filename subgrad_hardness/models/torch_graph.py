"""torch.export's graphs: their nodes, and the tensors behind their placeholders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from subgrad_hardness.models.framework import Comparison
from subgrad_hardness.models.operators.contract import Refused, Value
from subgrad_hardness.models.tensors import Tensor

#: Operations that move entries about, or repeat them: torch itself does it to their places.
MOVING = frozenset(
    (
        "flatten", "reshape", "view", "permute", "transpose", "t", "squeeze", "unsqueeze", "slice", "select", "expand",
        "expand_as", "repeat", "tile", "flip", "roll", "movedim", "swapaxes", "narrow", "unflatten", "diagonal",
        "index_select", "view_as", "reshape_as", "numpy_T", "adjoint", "mT",
    )
)  # fmt: skip
#: Operations that give back what they are given.
SAME = frozenset(
    (
        "clone", "contiguous", "dropout", "alias", "identity", "lift_fresh_copy", "_to_copy", "to", "feature_dropout",
        "alpha_dropout",
    )
)  # fmt: skip
#: Constants in the shape of an argument, and what they are filled with; None: with the next argument.
FILLED: dict[str, float | None] = {"ones_like": 1.0, "zeros_like": 0.0, "full_like": None}


def refuse_shared(node: Any) -> None:
    """An operation in place is read only where nobody else reads what it overwrites."""
    changed = node.args[0]
    while hasattr(changed, "op"):
        if len(changed.users) != 1 or changed.op == "placeholder":
            raise Refused("overwrites a value that is read elsewhere")
        if names(changed.target)[0] not in MOVING:
            return
        changed = changed.args[0]


def refuse_training(graph: Any) -> None:
    """Refuse what depends on the batch, or is random, because a module is in training mode; nothing else is."""
    for node in graph.nodes:
        name = names(node.target)[0]
        if name == "batch_norm" and node.args[5]:
            raise Refused(
                "batch_norm: takes mean and variance of the batch (training mode, or track_running_stats=False); "
                "call module.eval() first"
            )
        if "dropout" in name and node.args[2]:
            raise Refused(f"{name}: is random in training mode; call module.eval() first")


def is_mutable(target: Any) -> bool:
    """Whether an operation overwrites an argument."""
    return bool(getattr(getattr(target, "_schema", None), "is_mutable", False))


def names(target: Any) -> tuple[str, str]:
    """``relu`` and ``default`` of ``aten.relu.default``; a Python function has no overload."""
    parts = str(target).split(".")
    return (
        (parts[1], parts[2])
        if len(parts) == 3 and parts[0] == "aten"
        else (getattr(target, "__name__", str(target)), "")
    )


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """An argument with its nodes replaced by their values."""
    if hasattr(value, "op") and hasattr(value, "users"):
        return values[value.name]
    if isinstance(value, tuple | list):
        made = [filled(entry, values) for entry in value]
        return tuple(made) if isinstance(value, tuple) else made
    if isinstance(value, Mapping):
        return {name: filled(entry, values) for name, entry in value.items()}
    return value


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Tensor | Comparison):
        yield value
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from leaves(entry)
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from leaves(entry)
    else:
        yield value


def placeholders(exported: Any, given: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """The tensors behind the graph's placeholders, by name."""
    inputs = iter(given)
    for each in exported.graph_signature.input_specs:
        kind, name = each.kind.name, each.arg.name
        if kind == "USER_INPUT":
            yield name, next(inputs)
        elif kind in ("PARAMETER", "BUFFER"):
            state = exported.state_dict
            yield name, state[each.target] if each.target in state else exported.constants[each.target]
        else:
            yield name, exported.constants[each.target]


def node_value(value: Any, number: Callable[[float], float]) -> Value:
    """Python numbers become constants."""
    return np.asarray(number(value)) if isinstance(value, int | float) else value


def filled_like(args: Sequence[Any], number: float | None, kind: Any) -> Any:
    """A constant in the shape of the first argument."""
    import torch

    return torch.full(tuple(args[0].shape), args[1] if number is None else number, dtype=kind)
