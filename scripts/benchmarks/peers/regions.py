"""Enumerators of activation regions, run by the interpreter that has them: one net, one peer, one process.

    PYTHON scripts/benchmarks/peers/regions.py relucent|affinitree|parx < LAYERS > REPORT

LAYERS are weight matrices, JSON, relus between them, no biases.  REPORT has ``regions``, the processor seconds, and but
for affinitree the sign vectors of the regions; or ``refused``, in the peer's words.  All of
them compute in floating point.  None is a dependency: relucent is under the AGPL and wants Gurobi's restricted licence,
affinitree is under Apache 2.0, parx under MIT and wants Julia.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

Layers = list[list[list[float]]]


def torch_net(layers: Layers) -> Any:
    """The net for torch, in binary64."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    modules: list[Any] = []
    for weight in layers:
        linear = torch.nn.Linear(len(weight[0]), len(weight)).double()
        linear.weight.data = torch.tensor(weight, dtype=torch.float64)
        linear.bias.data = torch.zeros(len(weight), dtype=torch.float64)
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def start_point(layers: Layers) -> Any:
    """A point off all hyperplanes, most likely."""
    return import_module("numpy").linspace(0.31, 0.77, len(layers[0][0])) ** 2


def relucent(peer: Any, layers: Layers) -> dict[str, Any]:
    """Breadth-first search over facets."""
    found = peer.Complex(torch_net(layers))
    found.bfs(start=start_point(layers), nworkers=1, verbose=0)
    return {"regions": len(found), "signs": [region.ss_np.ravel().tolist() for region in found]}


def affinitree(peer: Any, layers: Layers) -> dict[str, Any]:
    """The decision tree after the elimination of paths that it finds infeasible: leaves."""
    tree = peer.builder.from_layers(peer.extract_pytorch_architecture(len(layers[0][0]), torch_net(layers)))
    tree.infeasible_elimination()
    return {"regions": tree.num_terminals()}


def parx(peer: Any, layers: Layers) -> dict[str, Any]:
    """The method that it calls exact, in Julia, or in Python where there is no Julia."""
    data = start_point(layers)[None, :]
    try:
        found = peer.compute_partition(torch_net(layers), data, method="exact_julia")
    except Exception:  # no Julia, or one that cannot load its packages
        found = peer.compute_partition(torch_net(layers), data, method="exact_python")
    signs = [[1 if on else -1 for layer in each.activation_path for on in layer] for each in found.regions]
    return {"regions": len(found), "signs": signs}


PEERS = {"relucent": relucent, "affinitree": affinitree, "parx": parx}


def main() -> None:
    layers, name = json.load(sys.stdin), sys.argv[1]
    start = time.process_time()
    try:
        peer = import_module(name)
        torch_net([[[1.0]], [[1.0]]])
        start = time.process_time()  # loading is not counted
        report = PEERS[name](peer, layers)
    except Exception as problem:  # whatever a peer says is what we report
        report = {"refused": f"{type(problem).__name__}: {problem}".splitlines()[0]}
    print("\n" + json.dumps(report | {"seconds": time.process_time() - start}))


if __name__ == "__main__":
    main()
