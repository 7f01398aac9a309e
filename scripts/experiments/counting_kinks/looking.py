"""One point of a census: which kinks there are and why, how near the nearest is, and what torch's gradient is."""

from __future__ import annotations

from typing import Any

import subgrad_hardness as sh
from subgrad_hardness.api.audit_result import verdict_of
from subgrad_hardness.api.audit_torch import program_of
from subgrad_hardness.auditing.traced import traced
from subgrad_hardness.local.localise import localise
from subgrad_hardness.survey.causes import causes, places

#: What a record tells, in the order of the columns.
COLUMNS = ("by", "verdict", "explained", "kinks", "live", "causes", "where", "nearest", "nearest_node", "seconds")


def by_inputs(module: Any, x: Any, time_limit: float, logit: int | None = None) -> dict[str, Any]:
    """torch's gradient of a logit, by default the top one, by the inputs."""
    import torch

    whole = torch.nn.Sequential(module, _one_logit(_logit(module, x, logit))).eval()
    program = program_of(whole, x)
    local, trace = localise(program), traced(program)
    record: dict[str, Any] = {
        "by": "inputs",
        "kinks": len(trace.kinks),
        "live": len(local.net.kinks),
        "causes": dict(causes(trace)),
        "where": dict(places(trace)),
        "nearest": None if local.nearest is None else float(local.nearest[0]),
        "nearest_node": None if local.nearest is None else program.form.unit_name(local.nearest[1]),
    }
    try:
        found = sh.audit_torch(whole, x, certify=False, time_limit=time_limit)
    except sh.LimitReached:
        return {**record, "verdict": "unknown", "explained": None, "seconds": time_limit}
    explained = None if found.explained is None else found.explained.explains
    return {**record, "verdict": found.verdict, "explained": explained, "seconds": round(found.seconds, 3)}


def by_parameters(module: Any, x: Any, time_limit: float, logit: int | None = None) -> dict[str, Any]:
    """The exact result of backpropagation, relu'(0) = 0, of the logit by all parameters of a dense net."""
    weights, biases = _layers(module, _logit(module, x, logit))
    net = sh.Program.from_layers(weights, biases)
    parts = [("weight", weights), ("bias", biases)]
    layers = range(len(weights))
    names = [f"layers[{number}].{part}" for number in layers for part, own in parts if own[number] is not None]
    program = sh.loss_program(net, [x.reshape(-1).double().tolist()], wrt=names)
    returned = sh.gradient(program).gradient
    found = sh.contains(program, returned, certify=False, time_limit=time_limit)
    local = localise(program)
    return {
        "by": "parameters",
        "verdict": verdict_of(found),
        "explained": None,
        "kinks": len(local.net.kinks),
        "live": len(local.net.kinks),
        "causes": {},
        "where": {},
        "nearest": None if local.nearest is None else float(local.nearest[0]),
        "nearest_node": None if local.nearest is None else program.form.unit_name(local.nearest[1]),
        "seconds": round(found.seconds, 3),
    }


def _logit(module: Any, x: Any, given: int | None) -> int:
    """The number that is given, or that of the top logit."""
    return int(module(x).argmax()) if given is None else given


def _layers(module: Any, logit: int) -> tuple[list[Any], list[Any]]:
    """The weights and biases of a dense net with one logit."""
    from torch import nn

    linear = [layer for layer in module if isinstance(layer, nn.Linear)]
    weights = [layer.weight.detach().double().numpy() for layer in linear]
    biases: list[Any] = [None if layer.bias is None else layer.bias.detach().double().numpy() for layer in linear]
    weights[-1] = weights[-1][logit : logit + 1]
    biases[-1] = None if biases[-1] is None else biases[-1][logit : logit + 1]
    return weights, biases


def _one_logit(number: int) -> Any:
    """A module that takes one entry of a net's output."""
    import torch

    class Logit(torch.nn.Module):  # type: ignore[misc]
        """One entry."""

        def forward(self, output: Any) -> Any:
            """output[0, number]"""
            return output[0, number]

    return Logit()
