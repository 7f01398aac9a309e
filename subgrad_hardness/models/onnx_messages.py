"""ONNX's messages without the rest of the package onnx, whose import takes longer than checking a small model does.

``import onnx`` loads checkers, composers and JSON (70 ms), its protobuf messages alone take 15.  These are the module
``onnx.onnx_ml_pb2``, which needs nothing of the package; it is loaded under its own name, so that a later ``import
onnx`` takes the same one.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.tensors import Array

_NAME = "onnx.onnx_ml_pb2"

#: Numbers of tensors that are written as they lie in memory, little-endian, by ONNX's number of the type.
_RAW = {1: "<f4", 2: "u1", 3: "i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 9: "?", 10: "<f2", 11: "<f8"}
_RAW |= {12: "<u4", 13: "<u8"}


def messages() -> ModuleType:
    """The module of ONNX's messages.  Raises ImportError where the package is not installed."""
    if _NAME in sys.modules:
        return sys.modules[_NAME]
    package = importlib.util.find_spec("onnx")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'onnx'", name="onnx")
    file = Path(package.submodule_search_locations[0]) / "onnx_ml_pb2.py"
    found = importlib.util.spec_from_file_location(_NAME, file)
    if "onnx" in sys.modules or not file.is_file() or found is None or found.loader is None:
        from onnx import onnx_ml_pb2

        return onnx_ml_pb2
    module = importlib.util.module_from_spec(found)
    sys.modules[_NAME] = module
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[_NAME]
        raise
    return module


def array_of(tensor: Any, data: NDArray[np.uint8] | None = None) -> Array:
    """The numbers of a TensorProto; ``data`` are its bytes where they lie elsewhere.

    Raises ValueError, TypeError or KeyError for one that is no array.
    """
    if data is not None and tensor.data_type == messages().TensorProto.BFLOAT16:
        halves = np.frombuffer(data, dtype="<u2").reshape(tuple(tensor.dims))
        return (halves.astype("<u4") << 16).view("<f4")  # the upper half of a float32
    if tensor.data_type in _RAW and (data is not None or tensor.HasField("raw_data")):
        flat = np.frombuffer(tensor.raw_data if data is None else data, dtype=_RAW[tensor.data_type])
        return flat.reshape(tuple(tensor.dims))
    from onnx.numpy_helper import to_array  # rarer types and ways to write them

    return np.asarray(to_array(tensor))


def bytes_of(tensor: Any, entries: int) -> int | None:
    """How many bytes so many entries take as they lie in memory; None for types that are not written so."""
    if tensor.data_type == messages().TensorProto.BFLOAT16:
        return 2 * entries
    kind = _RAW.get(tensor.data_type)
    return None if kind is None else np.dtype(kind).itemsize * entries


def attribute_value(entry: Any) -> Any:
    """The value of an AttributeProto of numbers or text, lists as lists; None for other kinds."""
    fields = {1: "f", 2: "i", 3: "s", 6: "floats", 7: "ints", 8: "strings"}
    name = fields.get(entry.type)
    if name is None:
        return None
    value = getattr(entry, name)
    return list(value) if entry.type > 5 else value
