"""Operations of torch that move entries about: torch itself does it, to the places of the entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from subgrad_hardness.models.operators.contract import Call, Value
from subgrad_hardness.models.operators.moving import joined
from subgrad_hardness.models.operators.moving import moved as placed
from subgrad_hardness.models.tensors import Array, Constant, Index, Taken, Tensor


def moved(call: Call, target: Any, args: Any, named: Any) -> Tensor:
    """A tensor's entries in another order or shape, some left out or repeated."""
    return call.take(args[0], _places(target(_index(args[0]), *args[1:], **named)))


def parts(call: Call, target: Any, args: Any, named: Any) -> list[Tensor]:
    """A tensor cut into several."""
    return [call.take(args[0], _places(each)) for each in target(_index(args[0]), *args[1:], **named)]


def together(call: Call, target: Any, values: Sequence[Value], rest: Any, named: Any) -> Value:
    """Several values in one."""
    import torch

    def join(arrays: Sequence[Array]) -> Array:
        return _places(target([torch.from_numpy(array.copy()) for array in arrays], *rest, **named))

    return joined(call, values, join)


def padded(call: Call, tensor: Tensor, pads: Sequence[int], mode: str, value: float) -> Tensor:
    """Entries moved, and a constant around them; reflections and the like are entries moved."""
    import torch

    filling: dict[str, Any] = {"value": -1.0} if mode == "constant" else {}
    index = _places(torch.nn.functional.pad(_index(tensor).to(torch.float64), list(pads), mode, **filling))
    known = call.add(Constant(np.asarray([value])), (1,))
    return call.add(Taken((tensor.step, known.step), np.where(index < 0, tensor.size, index).reshape(-1)), index.shape)


def chosen(call: Call, condition: Any, one: Value, other: Value) -> Value:
    """Of two values, entry by entry, the one that a constant condition says."""
    which = np.asarray(condition.cpu().numpy())

    def choose(places: Sequence[Array]) -> Array:
        return np.where(which, places[0], places[1])

    return joined(call, [one, other], choose)


def _index(tensor: Tensor) -> Any:
    import torch

    return torch.arange(tensor.size).reshape(tensor.shape)


def _places(index: Any) -> Index:
    found: Index = index.cpu().numpy().astype(np.int64)
    return found


def broadcast(call: Call, values: Sequence[Value]) -> list[Value]:
    """All in one shape."""
    shape = np.broadcast_shapes(*[value.shape for value in values])
    call.room(*shape)
    return [placed(call, value, lambda array: np.broadcast_to(array, shape)) for value in values]
