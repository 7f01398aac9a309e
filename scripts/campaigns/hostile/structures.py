"""ONNX files whose structure is hostile: functions in functions, graphs in graphs, odd types, names and versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _graph(nodes: list[Any], initializers: Any = (), shape: Any = (1, 2), kind: int = 1) -> Any:
    from onnx import helper

    inputs = [helper.make_tensor_value_info("x", kind, shape)]
    outputs = [helper.make_tensor_value_info("f", kind, None)]
    return helper.make_graph(nodes, "g", inputs, outputs, list(initializers))


def _model(graph: Any, functions: Any = (), opset: int = 13, domain: str = "") -> Any:
    from onnx import helper

    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("own", 1), helper.make_opsetid(domain or "a", 1)]
    return helper.make_model(graph, opset_imports=opsets, functions=list(functions))


def _tensor(name: str, kind: int, dims: list[int], raw: bytes) -> Any:
    from onnx import TensorProto

    return TensorProto(name=name, data_type=kind, dims=dims, raw_data=raw)


def functions() -> dict[str, Any]:
    """Local functions: one that calls itself, two that call each other, a chain that doubles, one that is missing."""
    from onnx import helper

    def function(name: str, *called: str) -> Any:
        values = ["x", *[f"v{k}" for k in range(len(called) - 1)], "f"]
        nodes = [
            helper.make_node(each, [values[k]], [values[k + 1]], domain="" if each == "Relu" else "own")
            for k, each in enumerate(called)
        ]
        return helper.make_function("own", name, ["x"], ["f"], nodes, [helper.make_opsetid("", 13)])

    call = _graph([helper.make_node("A", ["x"], ["f"], domain="own")])
    chain = [function(f"A{k}", f"A{k + 1}", f"A{k + 1}") for k in range(40)]
    start = _graph([helper.make_node("A0", ["x"], ["f"], domain="own")])
    return {
        "function": _model(call, [function("A", "Relu")]),
        "function of itself": _model(call, [function("A", "A")]),
        "functions in a circle": _model(call, [function("A", "B"), function("B", "A")]),
        "functions that double": _model(start, [*chain, function("A40", "Relu")]),
        "function that is missing": _model(call),
    }


def graphs() -> dict[str, Any]:
    """Branches and loops within one another, very many nodes, very long names."""
    from onnx import helper

    inner = _graph([helper.make_node("Relu", ["x"], ["f"])])
    once = helper.make_node("If", ["c"], ["f"], then_branch=inner, else_branch=inner)
    loop = helper.make_node("Loop", ["n", "c", "x"], ["f"], body=inner)
    scan = helper.make_node("Scan", ["x"], ["f"], body=inner, num_scan_inputs=1)
    deep = inner
    for _ in range(30):
        deep = _graph([helper.make_node("Loop", ["", "", "x"], ["f"], body=deep)])
    many = [helper.make_node("Identity", ["x" if k == 0 else f"v{k}"], [f"v{k + 1}"]) for k in range(200_000)]
    many.append(helper.make_node("Relu", ["v200000"], ["f"]))
    twice = [helper.make_node("Relu", ["x"], ["f"]), helper.make_node("Neg", ["x"], ["f"])]
    return {
        "if": _model(_graph([once])),
        "loop": _model(_graph([loop])),
        "scan": _model(_graph([scan])),
        "loops in loops": _model(deep),
        "many nodes": _model(_graph(many)),
        "long name": _model(_graph([helper.make_node("Relu", ["x"], ["f"], name="n" * 10**6)])),
        "long operator": _model(_graph([helper.make_node("R" * 10**6, ["x"], ["f"])])),
        "newlines in a name": _model(_graph([helper.make_node("Sin", ["x"], ["f"], name="a\nTraceback\n\x1b[31m")])),
        "one name twice": _model(_graph(twice)),
        "no nodes": _model(_graph([])),
        "unknown domain": _model(_graph([helper.make_node("Relu", ["x"], ["f"], domain="com.example")])),
    }


def tensors() -> dict[str, Any]:
    """Sizes that are negative, too large or do not fit; types that are not read."""
    from onnx import TensorProto, helper, numpy_helper

    def added(tensor: Any, shape: Any = (1, 2), kind: int = 1) -> Any:
        return _model(_graph([helper.make_node("Add", ["x", "w"], ["f"])], [tensor], shape, kind))

    four = np.ones(2, np.float32).tobytes()
    found = {
        "negative dims": added(_tensor("w", 1, [-2], four)),
        "dims that overflow": added(_tensor("w", 1, [2**62, 2**62], four)),
        "dims that overflow to two": added(_tensor("w", 1, [2**63 - 1, 2**63 - 1, 2], four)),
        "dims of zero and more": added(_tensor("w", 1, [0, 2**62], b"")),
        "too little data": added(_tensor("w", 1, [2], b"\0" * 7)),
        "too much data": added(_tensor("w", 1, [2], b"\0" * 9)),
        "no such type": added(_tensor("w", 99, [2], four)),
        "undefined type": added(_tensor("w", 0, [2], four)),
        "rank 100": added(_tensor("w", 1, [1] * 99 + [2], four)),
        "strings": added(TensorProto(name="w", data_type=TensorProto.STRING, dims=[2], string_data=[b"1", b"\xff"])),
        "input of strings": _model(_graph([helper.make_node("Relu", ["x"], ["f"])], kind=TensorProto.STRING)),
        "input without a shape": _model(_graph([helper.make_node("Relu", ["x"], ["f"])], shape=None)),
        "input of symbols": _model(_graph([helper.make_node("Relu", ["x"], ["f"])], shape=["a", "b", "c"])),
        "input of nothing": _model(_graph([helper.make_node("Relu", ["x"], ["f"])], shape=[1, 0])),
        "input of rank 100": _model(_graph([helper.make_node("Relu", ["x"], ["f"])], shape=[1] * 100)),
    }
    kinds = ("COMPLEX64", "COMPLEX128", "FLOAT8E4M3FN", "FLOAT8E5M2", "UINT4", "INT4", "FLOAT4E2M1", "BOOL")
    for name in kinds:
        kind = getattr(TensorProto, name, None)
        if kind is not None:
            found[f"weights of {name}"] = added(_tensor("w", kind, [2], b"\1" * 32))
            found[f"input of {name}"] = _model(_graph([helper.make_node("Relu", ["x"], ["f"])], kind=kind))
    sparse = helper.make_sparse_tensor(
        numpy_helper.from_array(np.ones(1, np.float32), "w"), numpy_helper.from_array(np.array([2**40]), "w_i"), [2]
    )
    graph = _graph([helper.make_node("Add", ["x", "w"], ["f"])])
    graph.sparse_initializer.append(sparse)
    found["sparse weights"] = _model(graph)
    return found


def versions() -> dict[str, Any]:
    """Operator sets that are not there, and models without a graph."""
    from onnx import ModelProto, helper

    node = helper.make_node("Relu", ["x"], ["f"])
    without = _model(_graph([node]))
    del without.opset_import[:]
    empty = ModelProto()
    return {
        "opset 0": _model(_graph([node]), opset=0),
        "opset 2^40": _model(_graph([node]), opset=2**40),
        "opset -1": _model(_graph([node]), opset=-1),
        "no opset": without,
        "nothing": empty,
    }


#: All of them by name.
ALL: tuple[Callable[[], dict[str, Any]], ...] = (functions, graphs, tensors, versions)


def structures() -> dict[str, bytes]:
    """All files by name."""
    return {name: made.SerializeToString() for each in ALL for name, made in each().items()}
