"""ONNX files as tensor programs: the graph walked once, constants kept as they are, each node by its operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.models.external_data import ExternalData, NotThere
from subgrad_hardness.models.onnx_messages import array_of, attribute_value, bytes_of, messages
from subgrad_hardness.models.operators import entrywise, linear, maxima, moving, resizing, shapes
from subgrad_hardness.models.operators.contract import MOST_MADE, Call, Operator, Refused, Value
from subgrad_hardness.models.tensors import Array, Taken, Tensor, TensorProgram, refuse_flushed
from subgrad_hardness.net.json_text import show

#: How each operator of the default domain is translated.
OPERATORS: dict[str, Operator] = {
    **moving.OPERATORS,
    **entrywise.OPERATORS,
    **linear.OPERATORS,
    **maxima.OPERATORS,
    **resizing.OPERATORS,
    **shapes.OPERATORS,
}

#: Last operators that ``cut`` may take away: increasing, or without any derivative worth asking for.
CUTTABLE = ("Sigmoid", "Tanh", "Softmax", "LogSoftmax", "ArgMax", "ArgMin")

#: The newest version of the operators whose meaning is known here.
NEWEST = 28

#: No file with more bytes is read, and no tensor may have more entries.
MOST_BYTES, MOST_ENTRIES = 2**31, 2**28
#: No input may have more axes: numpy has at most 64, and translations put some beside them.
MOST_AXES = 32

#: What an input of integers may be read by: nothing that could count with integers.
_TO_FLOATS = ("Cast", "DequantizeLinear")


class ReadModel(NamedTuple):
    """A model as a tensor program with its output, and what was cut off its end."""

    program: TensorProgram
    output: Tensor
    cut: tuple[str, ...]


def read_onnx(
    data: bytes,
    file: str,
    *,
    cut: bool = False,
    constants: Mapping[str, Array] | None = None,
    path: str | None = None,
    limits: Limits = NO_LIMITS,
) -> ReadModel:
    """The tensor program of an ONNX file; a symbolic or missing batch size is 1.

    Several inputs stand one after the other, and so do several outputs, which are flat then.

    Parameters
    ----------
    constants : values of inputs that are to be constants.
    cut : take a last Sigmoid, Tanh, Softmax, LogSoftmax, ArgMax or ArgMin away; without it they are refused.
    path : where the file lies; data in other files is read in that folder, and nowhere else; None: it is refused.

    Raises NetError naming file, node and operator, also where the package onnx is not installed; LimitReached.
    """
    try:
        onnx = messages()
    except Exception as problem:  # a broken package raises whatever it likes
        raise NetError(f"reading ONNX files {missing_extra('onnx', 'onnx', problem)}", file=file) from None
    refuse_flushed(file)
    if len(data) > MOST_BYTES:
        raise NetError(f"{len(data)} bytes; at most {MOST_BYTES} are read", file=file)
    try:
        model = onnx.ModelProto.FromString(data)
    except Exception as problem:  # protobuf's DecodeError, whose class moves about
        if type(problem).__name__ != "DecodeError":
            raise
        raise NetError("not an ONNX file", file=file) from None
    return _Reading(model, file, limits, ExternalData(path, limits)).read(cut, constants or {})


class _Reading:
    def __init__(self, model: Any, file: str, limits: Limits, external: ExternalData) -> None:
        self.external = external
        self.model, self.graph, self.file, self.limits = model, model.graph, file, limits
        versions = {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
        self.opset = int(versions.get("ai.onnx", 1 if model.ir_version < 3 else 0))
        if not 1 <= self.opset <= NEWEST:
            self._fail("opset_import", f"version {self.opset} of the operators; versions 1 to {NEWEST} are read")
        if not self.graph.node or not self.graph.output:
            self._fail("", "no nodes or no outputs")
        self.values: dict[str, Value] = {}

    def read(self, cut: bool, constants: Mapping[str, Array]) -> ReadModel:
        for tensor in self.graph.initializer:
            self.values[tensor.name] = self._array(tensor, tensor.name)
        self.values.update(constants)
        given = [entry for entry in self.graph.input if entry.name not in self.values]
        if not given:
            self._fail("graph.input", "every input has a value in the file: nothing is left to ask about")
        program = TensorProgram([(entry.name, self._shape(entry)) for entry in given])
        self.values.update({entry.name: tensor for entry, tensor in zip(given, program.arguments(), strict=True)})
        names: list[str] = [entry.name for entry in self.graph.output]
        gone: tuple[str, ...] = ()
        for number, node in enumerate(self.graph.node):
            self.limits.check()
            if self._ends_here(number, node, cut):
                names, gone = [node.input[0]], (node.op_type,)
                break
            self._translate(program, number, node)
        return ReadModel(program, self._output(program, names), gone)

    def _output(self, program: TensorProgram, names: Sequence[str]) -> Tensor:
        """The output, or all of them flat, one after the other."""
        tensors = []
        for name in names:
            value = self.values.get(name)
            if not isinstance(value, Tensor):
                self._fail(f"output {_shown(name)}", "is no node's, or does not depend on the inputs")
            assert isinstance(value, Tensor)
            tensors.append(value)
        if len(tensors) == 1:
            return tensors[0]
        starts = np.cumsum([0, *(tensor.size for tensor in tensors)])
        index = np.arange(starts[-1], dtype=np.int64)
        return program.add(Taken(tuple([tensor.step for tensor in tensors]), index), index.shape, "outputs")

    def _ends_here(self, number: int, node: Any, cut: bool) -> bool:
        last = number == len(self.graph.node) - 1 and node.op_type in CUTTABLE
        if last and not cut:
            self._fail(
                self._place(number, node),
                f"{node.op_type} is not piecewise linear; as the last operator it can be cut: convert --cut",
            )
        return last

    def _translate(self, program: TensorProgram, number: int, node: Any) -> None:
        place = self._place(number, node)
        operator = OPERATORS.get(node.op_type) if node.domain in ("", "ai.onnx") else None
        if operator is None:
            self._fail(place, f"{node.op_type} is no operator that is read")
        assert operator is not None
        missing = [name for name in node.input if name and name not in self.values]
        if missing:
            self._fail(place, f"input {_shown(missing[0])} is no earlier node's, input or constant")
        attributes = {entry.name: self._attribute(entry, place) for entry in node.attribute}
        inputs = tuple([self.values[name] if name else None for name in node.input])
        name = node.name or next(iter(node.output), f"{node.op_type}{number}")
        call = Call(program, node.op_type, name, inputs, attributes, self.opset, len(node.output))
        try:
            made = operator(call)
        except Refused as refused:
            self._fail(place, f"{node.op_type}: {refused}")
        except (
            ValueError,
            TypeError,
            IndexError,
            KeyError,
            ZeroDivisionError,
            OverflowError,
            AttributeError,
        ) as problem:
            self._fail(place, f"{node.op_type}: its arguments do not fit ({type(problem).__name__}: {problem})")
        results = [made] if isinstance(made, Tensor | np.ndarray | np.generic) else list(made)
        for result, output in zip(results, node.output, strict=False):
            if int(np.prod(result.shape, dtype=object)) > MOST_ENTRIES:
                self._fail(place, f"{node.op_type}: a tensor of the shape {result.shape}")
            if output in self.values:
                self._fail(place, f"{_shown(output)} has a value already")
            self.values[output] = result

    def _array(self, tensor: Any, place: str) -> Array:
        """An initialiser's numbers; sizes are looked at before anything is made."""
        entries = int(np.prod([int(size) for size in tensor.dims], dtype=object)) if tensor.dims else 1
        if not 0 <= entries <= MOST_ENTRIES:
            self._fail(place, f"{entries} entries, at most {MOST_ENTRIES}")
        try:
            if tensor.data_location == messages().TensorProto.EXTERNAL:
                found = array_of(tensor, self._fetched(tensor, entries))
            else:
                found = array_of(tensor)
        except (ValueError, TypeError, KeyError) as problem:
            self._fail(place, str(problem) if isinstance(problem, NotThere) else f"no array: {problem}")
        if found.dtype.kind not in "biuf":
            found = (
                found.astype(np.float32)
                if found.dtype.kind == "V"
                else self._fail(place, f"numbers of the type {found.dtype}")
            )
        return np.asarray(found)

    def _fetched(self, tensor: Any, entries: int) -> NDArray[np.uint8]:
        """The bytes of a tensor that lie in another file.  Raises NotThere."""
        size = bytes_of(tensor, entries)
        if size is None:
            raise NotThere("its data lies in another file, which is not read for numbers of this type")
        return self.external.read(tensor, size)

    def _attribute(self, entry: Any, place: str) -> Any:
        kinds = messages().AttributeProto
        if entry.type == kinds.TENSOR:
            return self._array(entry.t, place)
        if entry.type in (kinds.GRAPH, kinds.GRAPHS):
            self._fail(place, "holds a graph of its own (control flow)")
        value = attribute_value(entry)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

    def _shape(self, entry: Any) -> tuple[int, ...]:
        self._require_numbers(entry)
        shape = entry.type.tensor_type.shape
        if not entry.type.tensor_type.HasField("shape") or len(shape.dim) > MOST_AXES:
            self._fail(entry.name, f"an input without a shape, or with more than {MOST_AXES} axes")
        sizes = []
        for axis, size in enumerate(shape.dim):
            known = int(size.dim_value) if size.HasField("dim_value") else 0
            if axis == 0 and known < 1:
                known = 1
            if known < 1:
                said = f"not known: {_shown(size.dim_param)}" if not size.HasField("dim_value") else str(known)
                self._fail(entry.name, f"dimension {axis} is {said}")
            sizes.append(known)
        if int(np.prod(sizes, dtype=object)) > MOST_MADE:
            self._fail(entry.name, f"an input of the shape {tuple(sizes)}")
        return tuple(sizes)

    def _require_numbers(self, entry: Any) -> None:
        """Refuse an input that is not of floating-point numbers, nor of integers that become some at once."""
        kinds = messages().TensorProto
        kind = int(entry.type.tensor_type.elem_type)
        if kind in (kinds.FLOAT, kinds.FLOAT16, kinds.DOUBLE, kinds.BFLOAT16):
            return
        names = {number: name for name, number in kinds.DataType.items()}
        integers = (kinds.INT8, kinds.INT16, kinds.INT32, kinds.INT64, kinds.UINT8, kinds.UINT16, kinds.UINT32)
        readers = [node for node in self.graph.node if entry.name in node.input]
        if kind not in (*integers, kinds.UINT64) or any(node.op_type not in _TO_FLOATS for node in readers):
            self._fail(entry.name, f"an input of the type {names.get(kind, kind)}: floating-point numbers are read")

    def _place(self, number: int, node: Any) -> str:
        if not node.name:
            return f"node {number}"
        return f"node {node.name if isinstance(node.name, str) else _shown(node.name)}"

    def _fail(self, place: str | bytes, why: str) -> Any:
        # A name that is not UTF-8 comes as bytes.
        raise NetError(why, file=self.file, place=place if isinstance(place, str) else _shown(place))


def _shown(name: str | bytes) -> str:
    """A name as messages show it; one that is not UTF-8 comes as bytes."""
    return show(name if isinstance(name, str) else name.decode("utf-8", "replace"))
