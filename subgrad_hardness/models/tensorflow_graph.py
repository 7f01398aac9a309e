"""What ``tf.function`` traces, as one list of operations: calls of functions within are opened.

An operation is carried out again, eagerly, by its entry in ``tf.raw_ops``, so that a tape sees it.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from subgrad_hardness.models.equations import Flat, Name, named_outputs
from subgrad_hardness.models.operators.contract import Refused

#: Calls of a function that are carried out as if it stood there.
CALLS = frozenset(("PartitionedCall", "StatefulPartitionedCall"))
#: Operations that give back what they are given.
SAME = frozenset(("Identity", "IdentityN", "Snapshot"))
#: Operations with a state that only read it, or change no value.
_HARMLESS = frozenset(("ReadVariableOp", "VarHandleOp", "Assert"))
#: Where a derivative of one's own is written down (tf.custom_gradient, Graph.gradient_override_map).
_OWN_RULE = "_gradient_op_type"


class Equation(NamedTuple):
    """One operation of a graph: what it reads, names or constants, and the names of its results."""

    name: str
    source: Any
    inputs: tuple[Any, ...]
    outputs: tuple[str, ...]

    @property
    def operation(self) -> str:
        """Its type."""
        return str(self.source.type)

    def attribute(self, name: str) -> Any:
        """One of its attributes; strings are text."""
        found = self.source.get_attr(name)
        return found.decode() if isinstance(found, bytes) else found

    @property
    def own_rule(self) -> bool:
        """Whether it has a derivative of its own."""
        return _OWN_RULE in self.source.node_def.attr

    def results(self, arguments: Sequence[Any]) -> list[Any]:
        """What TensorFlow makes of these arguments, eagerly.  Raises Refused for what has no such call."""
        import tensorflow

        if self.operation == "Const":
            return [tensorflow.constant(tensorflow.make_ndarray(self.source.get_attr("value")))]
        definition, compute = self.source.op_def, getattr(tensorflow.raw_ops, self.operation, None)
        if compute is None:
            raise Refused("is no operation of tf.raw_ops")
        known = inspect.signature(compute).parameters

        def named(name: str) -> str:
            """As Python calls it, where ``reduction_indices``, ``dim``, ``squeeze_dims`` and the like are an axis."""
            found = name if name in known else "axis"
            if found not in known or found in given:
                raise Refused(f"has {name}, which tf.raw_ops does not take")
            return found

        taken, given, inferred = iter(arguments), dict[str, Any](), set[str]()
        for each in definition.input_arg:
            name = named(each.name)
            if each.number_attr:
                given[name] = [next(taken) for _ in range(self.source.get_attr(each.number_attr))]
            elif each.type_list_attr:
                given[name] = [next(taken) for _ in self.source.get_attr(each.type_list_attr)]
            else:
                given[name] = next(taken)
            inferred |= {each.type_attr, each.number_attr, each.type_list_attr}
        for attribute in definition.attr:
            if attribute.name not in inferred or attribute.name in known:
                given[named(attribute.name)] = self.source.get_attr(attribute.name)
        try:
            made = compute(**given)
        except tensorflow.errors.OpError as problem:
            raise Refused(str(problem).splitlines()[0]) from None
        if made is None or isinstance(made, tensorflow.Operation):
            return []
        return list(made) if isinstance(made, list | tuple) else [made]


def flattened(function: Any, arguments: Sequence[Any], variables: Mapping[int, Name]) -> Flat[Equation]:
    """A concrete function, given names or constants, with all calls opened.

    ``variables``: the names of variables that are asked about, by the ``id`` of their handles.  Raises Refused for
    operations that change a state, or draw at random.
    """
    equations: list[Equation] = []
    captured = [variables.get(id(each), each) for each in function.captured_inputs]
    outputs = _opened(function.graph, [*arguments, *captured], equations)
    return Flat(tuple(equations), tuple(outputs))


def _opened(graph: Any, inputs: Sequence[Any], equations: list[Equation]) -> list[Any]:
    values: dict[str, Any] = {tensor.name: given for tensor, given in zip(graph.inputs, inputs, strict=True)}
    for source in graph.get_operations():
        if source.op_def.is_stateful and source.type not in _HARMLESS | CALLS:
            raise Refused(f"{source.type} changes a state, or depends on one")
        if source.type == "Placeholder" or not source.outputs:
            continue
        given = tuple([values[tensor.name] for tensor in source.inputs])
        results: Sequence[Any]
        if source.type == "ReadVariableOp" and isinstance(given[0], Name):
            results = given
        elif source.type in CALLS and _OWN_RULE not in source.node_def.attr:
            called = source.graph._get_function(source.get_attr("f").name)
            results = _opened(called.graph, given, equations)
        else:
            own = f"{source.type}_{len(equations) + 1}"
            outputs = named_outputs(own, len(source.outputs))
            equations.append(Equation(own, source, given, outputs))
            results = [Name(output) for output in outputs]
        values.update(zip([tensor.name for tensor in source.outputs], results, strict=True))
    return [values[tensor.name] for tensor in graph.outputs]
