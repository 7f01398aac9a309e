"""Functions of TensorFlow and models of Keras as tensor programs, by the graph that ``tf.function`` traces.

The graph is read as it is traced, before Grappler or XLA rewrite it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.models.equations import Name, Reading
from subgrad_hardness.models.framework import Comparison, FrameworkProgram
from subgrad_hardness.models.operators.contract import Refused
from subgrad_hardness.models.tensorflow_graph import SAME, Equation, flattened
from subgrad_hardness.models.tensorflow_operators import MOVING, REFUSED, TRANSLATIONS, WINDOWS
from subgrad_hardness.models.tensors import refuse_flushed

_PLACE = "<TensorFlow function>"
_COMPARED = {"Greater": "gt", "GreaterEqual": "ge", "Less": "lt", "LessEqual": "le"}


def read_function(
    function: Callable[..., Any], arguments: Sequence[Any], variables: Sequence[Any] | None = None
) -> FrameworkProgram:
    """The tensor program that a function of TensorFlow is, for arguments of these shapes.

    Parameters
    ----------
    function : of tensors; a model of Keras is one.
    arguments : what it is called with, tensors or arrays of numpy.
    variables : of TensorFlow or Keras, those that are the program's inputs; without them the arguments are.

    Raises
    ------
    NetError
        Naming the operation and why, for one that is not exact and piecewise linear; also where tensorflow is not
        installed, or cannot trace the function.
    """
    try:
        import tensorflow
    except ImportError:
        raise NetError(f"reading functions {missing_extra('tensorflow', 'tensorflow')}", file=_PLACE) from None
    refuse_flushed(_PLACE)
    given = [tensorflow.convert_to_tensor(each) for each in arguments]
    held = None if variables is None else [plain_variable(each) for each in variables]
    inputs = [each.numpy() for each in (given if held is None else held)]
    types = sorted({str(each.dtype) for each in inputs})
    if len(types) != 1 or not tensorflow.as_dtype(inputs[0].dtype).is_floating:
        raise NetError(f"numbers of the types {', '.join(types)}; one floating-point type is read", file=_PLACE)
    specifications = [tensorflow.TensorSpec(each.shape, each.dtype) for each in given]
    try:
        traced = tensorflow.function(function, autograph=False).get_concrete_function(*specifications)
    except Exception as problem:
        said = str(problem).strip().splitlines() or [type(problem).__name__]
        raise NetError(f"tf.function cannot trace it: {said[0]}", file=_PLACE) from None
    stem = "x" if held is None else "variable"
    names = [stem] if len(inputs) == 1 else [f"{stem}{number}" for number in range(len(inputs))]
    asked = {} if held is None else {id(each.handle): Name(name) for each, name in zip(held, names, strict=True)}
    try:
        flat = flattened(traced, [Name(name) for name in names] if held is None else given, asked)
    except Refused as refused:
        raise NetError(str(refused), file=_PLACE) from None
    return _Reading(flat.equations, flat.outputs, names, inputs).read()


def plain_variable(given: Any) -> Any:
    """The variable of TensorFlow that one of Keras wraps, or the variable itself."""
    import tensorflow

    found = given if isinstance(given, tensorflow.Variable) else getattr(given, "value", None)
    if not isinstance(found, tensorflow.Variable):
        raise NetError(f"{type(given).__name__} is no variable of TensorFlow", file=_PLACE)
    return found


class _Reading(Reading[Equation]):
    place = _PLACE

    def array(self, value: Any) -> Any:
        import tensorflow

        return tensorflow.constant(np.asarray(value, self.type))

    def wide(self, value: Any, like: Any) -> Any:
        import tensorflow

        return tensorflow.broadcast_to(self.array(value), like.shape)

    def argument(self, value: Any) -> Any:
        """Axes are integers, and stay so."""
        return self.array(value) if value.dtype.kind == "f" else value

    def translated(self, equation: Equation, given: Sequence[Any]) -> Sequence[Any]:
        name = equation.operation
        if equation.own_rule:
            raise Refused("has a derivative of its own: another function may be differentiated")
        if name in SAME:
            return given
        if name in ("Shape", "ShapeN"):
            return [np.asarray(value.shape, np.int32) for value in given]
        if name in ("Size", "Rank"):
            return [np.asarray(given[0].size if name == "Size" else len(given[0].shape), np.int32)]
        if name in ("ZerosLike", "OnesLike"):
            return [self.wide(float(name == "OnesLike"), given[0])]
        if name in ("SelectV2", "Select") and isinstance(given[0], Comparison):
            return [self.choice(equation, given[0], (2, 1), given)]
        if any(isinstance(value, Comparison) for value in given):
            raise Refused("jumps where a comparison changes")
        if name in _COMPARED:
            return [Comparison(_COMPARED[name], given[0], given[1], equation)]
        if name == "Cast":
            if equation.attribute("DstT").as_numpy_dtype != self.type:
                raise Refused("changes the type of the numbers, which rounds")
            return given
        if name == "SelectV2":
            return self.moved(equation, given, (1, 2), partial(_bound, equation))
        if name in MOVING:
            return self.moved(equation, given, MOVING[name], partial(_bound, equation))
        if name not in TRANSLATIONS:
            why = "is no operation that is read (not piecewise linear, or not in the table)"
            raise Refused(REFUSED.get(name, why))
        kinks: list[str] = []
        made = TRANSLATIONS[name](self.node(equation.name, kinks), equation, *given)
        if kinks:
            self.keep(equation, name, kinks, given, windows=name in WINDOWS)
            if name in ("Maximum", "Minimum"):
                self.remember(made, given)
        return [made]


def _bound(equation: Equation, given: Sequence[Any]) -> Any:
    """What the operation makes of other arguments."""
    return equation.results([each if isinstance(each, list) else np.asarray(each) for each in given])
