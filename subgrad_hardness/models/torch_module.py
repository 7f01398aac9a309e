"""torch modules as tensor programs, by torch.export, read before anything is decomposed.

A decomposition is another program, with other choices at kinks (hardsigmoid becomes two clamps), and so is an ONNX
export, which folds batch normalisation; torch.export's graph has the operations that the module calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import NetError, ParameterError
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.models import torch_moving as moving
from subgrad_hardness.models.framework import (
    COMPARED,
    Comparison,
    FrameworkProgram,
    Kinked,
    Node,
    chosen_extremum,
)
from subgrad_hardness.models.operators.contract import Call, Refused, Value
from subgrad_hardness.models.operators.entrywise import pairwise
from subgrad_hardness.models.operators.moving import joined
from subgrad_hardness.models.tensors import Tensor, TensorProgram, refuse_flushed
from subgrad_hardness.models.torch_arguments import PLACE as _PLACE
from subgrad_hardness.models.torch_arguments import Wrt, quiet
from subgrad_hardness.models.torch_graph import (
    FILLED,
    MOVING,
    SAME,
    filled,
    filled_like,
    is_mutable,
    leaves,
    names,
    node_value,
    placeholders,
    refuse_shared,
    refuse_training,
)
from subgrad_hardness.models.torch_operators import REFUSED, TRANSLATIONS


def read_module(module: Any, x: Any, *, wrt: Wrt = "inputs") -> FrameworkProgram:
    """The tensor program that a module is, for inputs of this shape.

    Parameters
    ----------
    module : in evaluation mode, or with nothing in it that training changes.
    x : the module's argument, a tensor, or a tuple of several.
    wrt : ``"inputs"``, ``"parameters"`` (all), or names of parameters: the program's inputs.  All else is constant.

    Raises
    ------
    NetError
        Naming the node and why, for an operation that is not exact and piecewise linear; also where torch is not
        installed, or cannot export the module.
    ParameterError
        For a name that no parameter has.
    """
    try:
        import torch
    except Exception as problem:  # a broken package raises whatever it likes
        raise NetError(f"reading modules {missing_extra('torch', 'torch', problem)}", file=_PLACE) from None
    refuse_flushed(_PLACE)
    given = x if isinstance(x, tuple) else (x,)
    try:
        with quiet():
            exported = torch.export.export(module, given, strict=False)
    except Exception as problem:
        said = str(problem).strip().splitlines() or [type(problem).__name__]
        raise NetError(f"torch.export refuses it: {said[0]}", file=_PLACE) from None
    return _Reading(exported, given, wrt).read()


class _Reading:
    def __init__(self, exported: Any, given: tuple[Any, ...], wrt: Wrt) -> None:
        self.exported, self.graph = exported, exported.graph_module.graph
        try:
            refuse_training(self.graph)
        except Refused as refused:
            raise NetError(str(refused), file=_PLACE) from None
        self.tensors = dict(placeholders(exported, given))
        self.wanted = self._asked(wrt)
        types = {str(self.tensors[name].dtype) for name in self.wanted}
        if len(types) != 1 or not self.tensors[self.wanted[0]].dtype.is_floating_point:
            self._fail("inputs", f"numbers of the types {', '.join(sorted(types))}; one floating-point type is read")
        self.type = self.tensors[self.wanted[0]].dtype
        self.program = TensorProgram([(name, tuple(self.tensors[name].shape)) for name in self.wanted])
        self.values: dict[str, Any] = {}
        self.kinked: list[Kinked] = []

    def _asked(self, wrt: Wrt) -> list[str]:
        """The placeholders that are the program's inputs."""
        signature = self.exported.graph_signature
        if wrt == "inputs":
            return [name for name in signature.user_inputs if isinstance(name, str)]
        names = {target: name for name, target in signature.inputs_to_parameters.items()}
        asked = list(names) if wrt == "parameters" else [wrt] if isinstance(wrt, str) else list(wrt)
        for name in asked:
            if name not in names:
                raise ParameterError(f"no parameter {name}; there are {', '.join(list(names)[:8])}", place="wrt")
        if not asked:
            raise ParameterError("the module has no parameters", place="wrt")
        return [names[name] for name in asked]

    def read(self) -> FrameworkProgram:
        for name, tensor in zip(self.wanted, self.program.arguments(), strict=True):
            self.values[name] = tensor
        output: Any = None
        for node in self.graph.nodes:
            if node.op == "placeholder":
                self.values.setdefault(node.name, self.tensors.get(node.name))
            elif node.op == "output":
                output = self._output(node)
            elif node.op == "call_function":
                self.values[node.name] = self._translated(node)
            else:
                self._fail(node.name, f"{node.op} is not read")
        variables = tuple([self.tensors[name] for name in self.wanted])
        return FrameworkProgram(self.program, output, tuple(self.kinked), variables, self._run)

    def _run(self) -> Mapping[str, Any]:
        """The values of all nodes, as torch computes them."""
        import torch

        found: dict[str, Any] = dict(self.tensors)
        with torch.no_grad():
            for node in self.graph.nodes:
                if node.op == "call_function":
                    args, named = filled((node.args, node.kwargs), found)
                    if is_mutable(node.target):  # what it overwrites is what it is asked about
                        args = (args[0].clone(), *args[1:])
                    found[node.name] = node.target(*args, **named)
        return found

    def _output(self, node: Any) -> Tensor:
        values = [self.values[each.name] if hasattr(each, "name") else each for each in node.args[0]]
        if not values or not all(isinstance(value, Tensor) for value in values):
            self._fail("output", "does not depend on what is asked about")
        if len(values) == 1:
            whole: Tensor = values[0]
            return whole
        together = joined(
            self._call(node, "outputs"), values, lambda arrays: np.concatenate([a.ravel() for a in arrays])
        )
        assert isinstance(together, Tensor)
        return together

    def _translated(self, node: Any) -> Any:
        """The value of one node: a tensor of the program, or whatever torch computes of constants."""
        name, overload = names(node.target)
        args, named = filled((node.args, node.kwargs), self.values)
        asked = [value for value in leaves((args, named)) if isinstance(value, Tensor | Comparison)]
        try:
            if is_mutable(node.target):
                refuse_shared(node)
            elif not node.users:
                return None  # nobody reads it: assertions about types, say
            if not asked:
                return node.target(*args, **named)
            return self._operation(node, name.rstrip("_"), overload, args, named)
        except Refused as refused:
            return self._fail(_place(node.name, name), str(refused))
        except (ValueError, TypeError, IndexError, KeyError, AttributeError, AssertionError, RuntimeError) as problem:
            said = str(problem).splitlines()[0] if str(problem) else ""
            words = f"its arguments are not read ({type(problem).__name__}: {said})"
            return self._fail(_place(node.name, name), words)

    def _operation(self, node: Any, name: str, overload: str, args: Any, named: Any) -> Any:
        if name == "getitem":
            return args[0][args[1]]
        if name == "where":
            return self._where(node, *args)
        if any(isinstance(value, Comparison) for value in leaves((args, named))):
            raise Refused("jumps where a comparison changes")
        if name in SAME:
            return self._same(name, args, named)
        if name == "detach":
            raise Refused("stops gradients; the function that is differentiated is another one")
        if name in COMPARED and isinstance(args[0], Tensor):
            return Comparison(name, args[0], args[1], node)
        if name in MOVING:
            return moving.moved(self._call(node), node.target, args, named)
        if name in ("cat", "stack", "concat", "concatenate"):
            values = [self._constants(value) for value in args[0]]
            return moving.together(self._call(node), node.target, values, args[1:], named)
        if name == "broadcast_tensors":
            return moving.broadcast(self._call(node), [self._constants(value) for value in args[0]])
        if name in FILLED and named.get("dtype") in (None, self.type):
            return filled_like(args, FILLED[name], self.type)
        if name in ("split", "chunk", "unbind", "split_with_sizes", "tensor_split"):
            return moving.parts(self._call(node), node.target, args, named)
        if name in ("pad", "constant_pad_nd"):
            return self._padded(node, *args, **named)
        picks = name in ("max", "min") and overload == "dim"
        key = f"{name}.{overload}" if f"{name}.{overload}" in TRANSLATIONS else name
        if key not in TRANSLATIONS or overload in ("names_dim", "correction"):
            raise Refused(REFUSED.get(name, "is no operation that is read (not piecewise linear, or not in the table)"))
        if any(type(kind) is type(self.type) and kind != self.type for kind in leaves((args, named))):
            raise Refused("changes the type of the numbers, which rounds")
        kinks: list[str] = []
        own = Node(self.program, node.name, self._number, kinks)
        args, named = self._constants(args), self._constants(named)
        made = TRANSLATIONS[key](own, *args, **named)
        if kinks:
            self._kinked(node, f"{name}.{overload}".removesuffix(".default"), kinks)
        return (made, Comparison("argmax", None, None, node)) if picks else made

    def _kinked(self, node: Any, operation: str, kinks: Sequence[str]) -> None:
        given = [*node.args, *node.kwargs.values()]  # of these only a bound of clamp may be asked about
        asked = [hasattr(each, "users") and isinstance(self.values[each.name], Tensor) for each in given]
        places = tuple([min(place, 1) for place, is_asked in enumerate(asked) if is_asked])
        read = tuple([each.name for each, is_asked in zip(given, asked, strict=True) if is_asked])

        def compute(*tensors: Any) -> Any:
            left = iter(tensors)
            whole = [
                next(left).clone() if is_asked else filled(each, self.values)
                for each, is_asked in zip(given, asked, strict=True)
            ]
            count = len(node.args)
            made = node.target(*whole[:count], **dict(zip(node.kwargs, whole[count:], strict=True)))
            return made[0] if isinstance(made, tuple) else made

        windows = "pool" in operation or operation.split(".", maxsplit=1)[0] in ("amax", "amin", "max", "min")
        windows = windows and not operation.endswith(".other")
        self.kinked.append(Kinked(node.name, operation, compute, tuple(kinks), read, places, windows))

    def _same(self, name: str, args: Any, named: Any) -> Any:
        kinds = [value for value in leaves((args[1:], named)) if hasattr(value, "is_floating_point")]
        if any(kind != self.type for kind in kinds):
            raise Refused("changes the type of the numbers, which rounds")
        return args[0]

    def _where(self, node: Any, condition: Any, one: Any, other: Any) -> Value:
        """where(a > b, a, b) and its like: a maximum or minimum, and nothing else, because that would jump."""
        if not isinstance(condition, Comparison) or condition.name not in COMPARED:
            if isinstance(condition, Tensor | Comparison):
                raise Refused("its condition is no comparison")
            values = [node_value(self._constants(each), self._number) for each in (one, other)]
            return moving.chosen(self._call(node), condition, *values)
        sides = [condition.left, condition.right]
        found = chosen_extremum(condition, one, other)
        if found is None:
            raise Refused("jumps, or is not seen to be continuous: only where(a > b, a, b) and its like are read")
        operation, straight = found
        cases = (one, other) if straight else (other, one)
        values = [node_value(self._constants(case), self._number) for case in cases]
        made = pairwise(self._call(node), operation, values)
        test = condition.node.target

        def compute(*tensors: Any) -> Any:
            left = iter(tensors)
            a, b = [next(left) if isinstance(side, Tensor) else side for side in sides]
            import torch

            first, second = (torch.as_tensor(side, dtype=self.type) for side in (a, b))
            return torch.where(test(a, b), *((first, second) if straight else (second, first)))

        places = tuple([place for place, side in enumerate(sides) if isinstance(side, Tensor)])
        read = tuple([condition.node.args[place].name for place in places])
        self.kinked.append(Kinked(node.name, f"where({condition.name})", compute, (node.name,), read, places, False))
        return made

    def _padded(self, node: Any, tensor: Tensor, pads: Any, mode: Any = "constant", value: Any = None) -> Tensor:
        if not isinstance(mode, str):  # constant_pad_nd has no mode
            mode, value = "constant", mode
        return moving.padded(self._call(node), tensor, pads, mode, self._number(value or 0))

    def _constants(self, value: Any) -> Any:
        """torch's tensors as arrays, whatever they are in."""
        if type(value).__module__.startswith("torch") and hasattr(value, "detach"):
            plain = value.detach().cpu()
            return plain.double().numpy() if str(plain.dtype) == "torch.bfloat16" else plain.numpy()
        if isinstance(value, tuple | list) and not isinstance(value, Tensor):
            return type(value)(self._constants(entry) for entry in value)
        if isinstance(value, dict):
            return {name: self._constants(entry) for name, entry in value.items()}
        return value

    def _number(self, number: float) -> float:
        """A Python number as torch's operations take it: rounded to the type of the model's numbers."""
        import torch

        return float(torch.tensor(number, dtype=self.type).item())

    def _call(self, node: Any, name: str | None = None) -> Call:
        return Call(self.program, str(node.target), name or node.name, (), {}, 17, 1)

    def _fail(self, place: str, why: str) -> Any:
        raise NetError(why, file=_PLACE, place=place)


def _place(node: str, operation: str) -> str:
    """A node and its operation, which has the same name where it is the first of its kind."""
    return operation if node == operation else f"node {node}, {operation}"
