"""``audit_torch``: what does the gradient mean that the installed torch returns for a module?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.answering import answer_within
from subgrad_hardness.api.audit import audit_within
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.options import require_flag, require_seconds, require_seed
from subgrad_hardness.auditing.explaining import Explained, explained_by
from subgrad_hardness.auditing.traced import traced
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.processes.limited import Job

# What reads modules loads numpy, and is loaded when a module is read.
if TYPE_CHECKING:
    from subgrad_hardness.auditing.torch_choices import Asked
    from subgrad_hardness.models.torch_module import TorchProgram, Wrt

_PLACE = "<torch module>"


def audit_torch(
    module: Any,
    x: Any,
    *,
    loss: Callable[[Any], Any] | None = None,
    wrt: Wrt = "inputs",
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> AuditResult:
    """Differentiate a torch module with torch, and say what the gradient means.

    Parameters
    ----------
    module : torch.nn.Module
        In evaluation mode, of piecewise-linear operations (docs/audit.md has the list).
    x : torch.Tensor, or a tuple of them
        The module's argument: the point.
    loss : callable, optional
        Applied to the module's output, of operations from the list as well: ``lambda y: y[0, 7]``.  Of several outputs
        the Jacobian is audited.
    wrt : ``"inputs"``, ``"parameters"``, or names of parameters
        What is differentiated by.  All but one layer's parameters multiply one another, and are refused together.
    certify, seed, time_limit, memory_limit : optional
        As in ``audit``.

    Returns
    -------
    AuditResult
        ``operations`` says what torch was seen to do at the kinks that were met, ``framework`` its version.

    Raises
    ------
    NetError
        Naming the node of torch's graph and why, for a module that is not exact and piecewise linear; also where torch
        is not installed.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the audit began.

    Notes
    -----
    torch is asked about every operation with kinks at the very numbers that it meets (``auditing.torch_choices``); with
    these choices the backward pass is repeated exactly, and torch's result compared within the bound of its rounding.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> import torch  # doctest: +SKIP
    >>> class Identity(torch.nn.Module):  # doctest: +SKIP
    ...     def forward(self, x):
    ...         return torch.relu(x) - torch.relu(-x)
    >>> sh.audit_torch(Identity().eval(), torch.zeros(1))  # doctest: +SKIP
    <AuditResult: (0): conservative; explained, exactly, by: torch 2.13.0+cpu>
    """
    from subgrad_hardness.auditing.torch_choices import asked_torch
    from subgrad_hardness.models.torch_module import read_module

    limits = Limits.seconds(require_seconds(time_limit))
    whole = _with_loss(module, loss)
    read = read_module(whole, x, wrt=wrt)
    import torch

    gradient = _gradient(whole, x, wrt)
    program = _expanded(read, limits)
    version = f"torch {torch.__version__}"
    asked = asked_torch(read, traced(program, limits), limits)
    job: Job[AuditResult] = partial(
        audit_within,
        gradient=gradient,
        point=None,
        precision=str(read.variables[0].dtype).removeprefix("torch."),
        explaining=partial(_explain, asked=asked, name=version),
        framework=version,
        operations=asked.said,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    return answer_within(job, program, time_limit, memory_limit)


def program_of(module: Any, x: Any, limits: Limits = NO_LIMITS) -> Program:
    """The exact program that a torch module is, at the point x.  Raises NetError, LimitReached."""
    from subgrad_hardness.models.torch_module import read_module

    return _expanded(read_module(module, x), limits)


def _expanded(read: TorchProgram, limits: Limits) -> Program:
    from subgrad_hardness.models.expanding import expanded

    point = [entry for tensor in read.variables for entry in tensor.detach().double().reshape(-1).tolist()]
    return expanded(read.program, read.output, _PLACE, provenance={"model": "torch"}, limits=limits).at(point)


def _explain(program: Program, given: Matrix, precision: str, limits: Limits, *, asked: Asked, name: str) -> Explained:
    return explained_by(program, given, precision, choices=asked.choices, seen=asked.pieces, name=name, limits=limits)


def _with_loss(module: Any, loss: Callable[[Any], Any] | None) -> Any:
    if loss is None:
        return module
    import torch

    after = loss

    class Composed(torch.nn.Module):  # type: ignore[misc]
        """A module and a loss behind it."""

        def __init__(self) -> None:
            super().__init__()
            self.module = module

        def forward(self, *given: Any) -> Any:
            """loss(module(x))"""
            return after(self.module(*given))

    return Composed().train(module.training)


def _gradient(module: Any, x: Any, wrt: Wrt) -> list[list[float]]:
    """What torch returns: a row an output, by all that is asked about."""
    import torch

    given = [part.detach().clone() for part in (x if isinstance(x, tuple) else (x,))]
    if wrt == "inputs":
        variables = [part.requires_grad_() for part in given]
    else:
        named = dict(module.named_parameters())
        variables = list(named.values()) if wrt == "parameters" else [named[name] for name in _listed(wrt)]
    made = module(*given)
    flat = torch.cat([each.reshape(-1) for each in (made if isinstance(made, tuple) else (made,))])
    rows = []
    for entry in flat:
        found = torch.autograd.grad(entry, variables, retain_graph=True, allow_unused=True)
        row: list[float] = []
        for grad, variable in zip(found, variables, strict=True):
            row += [0.0] * variable.numel() if grad is None else grad.double().reshape(-1).tolist()
        rows.append(row)
    return rows


def _listed(wrt: Wrt) -> list[str]:
    return [wrt] if isinstance(wrt, str) else list(wrt)
