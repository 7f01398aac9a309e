"""Enumerators of activation regions, run by the interpreter that has them: one net, one peer, one process.

    PYTHON scripts/benchmarks/peers/regions.py relucent|affinitree|parx < LAYERS > REPORT

LAYERS are weight matrices, JSON, relus between them, no biases.  REPORT has ``regions``, the processor seconds, and for
relucent the sign vectors of the regions (its lists of kinks are ours); or ``refused``, in the peer's words.  All of
them compute in floating point.  None is a dependency: relucent is under the AGPL and wants Gurobi's restricted licence,
affinitree is under Apache 2.0, parx under MIT and wants Julia.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

Layers = list[list[list[float]]]


def torch_net(layers: Layers) -> Any:
    """The net for torch, in binary64."""
    import torch

    torch.set_num_threads(1)
    modules: list[Any] = []
    for weight in layers:
        linear = torch.nn.Linear(len(weight[0]), len(weight)).double()
        linear.weight.data = torch.tensor(weight, dtype=torch.float64)
        linear.bias.data = torch.zeros(len(weight), dtype=torch.float64)
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def relucent(layers: Layers) -> dict[str, Any]:
    """Breadth-first search over facets, from a point off all hyperplanes."""
    import numpy as np
    import relucent as peer

    found = peer.Complex(torch_net(layers))
    size = len(layers[0][0])
    found.bfs(start=np.linspace(0.31, 0.77, size) ** 2, nworkers=1, verbose=0)
    return {"regions": len(found), "signs": [region.ss_np.ravel().tolist() for region in found]}


def affinitree(layers: Layers) -> dict[str, Any]:
    """The decision tree after the elimination of paths that it finds infeasible: leaves."""
    import affinitree as peer

    tree = peer.builder.from_layers(peer.extract_pytorch_architecture(len(layers[0][0]), torch_net(layers)))
    before = tree.num_terminals()
    tree.infeasible_elimination()
    return {"regions": tree.num_terminals(), "before": before}


def parx(layers: Layers) -> dict[str, Any]:
    """Its exact method, as it calls it."""
    import parx as peer

    return {"regions": len(peer.compute_partition(torch_net(layers)))}


PEERS = {"relucent": relucent, "affinitree": affinitree, "parx": parx}


def main() -> None:
    given = json.load(sys.stdin)
    start = time.process_time()
    try:
        report = PEERS[sys.argv[1]](given)
    except Exception as problem:  # whatever a peer says is what we report
        report = {"refused": f"{type(problem).__name__}: {problem}".splitlines()[0]}
    print("\n" + json.dumps(report | {"seconds": time.process_time() - start}))


if __name__ == "__main__":
    main()
