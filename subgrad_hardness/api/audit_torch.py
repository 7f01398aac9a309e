"""``audit_torch``: what does the gradient mean that the installed torch returns for a module?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.framework_audit import audit_framework, expanded_at_point
from subgrad_hardness.api.options import require_choice, require_seconds
from subgrad_hardness.auditing.frameworks import MODES
from subgrad_hardness.auditing.torch_choices import Torch
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.program import Program

# What reads modules loads numpy, and is loaded when a module is read.
if TYPE_CHECKING:
    from subgrad_hardness.models.torch_arguments import Wrt


def audit_torch(
    module: Any,
    x: Any,
    *,
    loss: Callable[[Any], Any] | None = None,
    wrt: Wrt = "inputs",
    mode: str = "backward",
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> AuditResult:
    """Differentiate a torch module with torch, and say what the gradient means.

    Parameters
    ----------
    module : torch.nn.Module, or a function of tensors
        Of piecewise-linear operations (docs/audit.md has the list).  Batch normalisation and dropout are read in
        evaluation mode: ``module.eval()``.
    x : torch.Tensor, or a tuple of them
        The module's argument: the point.
    loss : callable, optional
        Applied to the module's output, of operations from the list as well: ``lambda y: y[0, 7]``.  Of several outputs
        the Jacobian is audited.
    wrt : ``"inputs"``, ``"parameters"``, or names of parameters
        What is differentiated by; names are those of the module's parameters.  Parameters of several layers multiply
        one another: then the answer is about lexicographic subgradients (docs/losses.md).
    mode : ``"backward"`` or ``"forward"``
        Forward: the Jacobian column by column, by Jacobian-vector products (``torch.func.jvp``); the framework is asked
        what it does at kinks in that mode.
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
    torch is asked about every operation with kinks at the very numbers that it meets (``auditing.choices``); with
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
    from subgrad_hardness.models.torch_arguments import asked_about
    from subgrad_hardness.models.torch_module import read_module

    limits = Limits.seconds(require_seconds(time_limit))
    torch = Torch(require_choice(mode, "mode", MODES))
    whole, given, names = asked_about(module, x, loss, wrt)
    return audit_framework(
        read_module(whole, given, wrt=names),
        torch,
        lambda: _gradient(whole, given, names) if mode == "backward" else _columns(torch, whole, given, names, limits),
        limits=limits,
        certify=certify,
        seed=seed,
        memory_limit=memory_limit,
    )


def program_of(module: Any, x: Any, *, loss: Callable[[Any], Any] | None = None, wrt: Wrt = "inputs") -> Program:
    """The exact program that a torch module is, at the point x.  Raises NetError, ParameterError."""
    from subgrad_hardness.models.torch_arguments import asked_about
    from subgrad_hardness.models.torch_module import read_module

    whole, given, names = asked_about(module, x, loss, wrt)
    return expanded_at_point(read_module(whole, given, wrt=names), Torch())


def is_torch(function: Any, x: Any) -> bool:
    """Whether a callable is torch's to differentiate: a module, or a function that is given torch's tensors."""
    parts = x if isinstance(x, tuple) else (x,)
    return hasattr(function, "named_parameters") or any(
        type(part).__module__.split(".")[0] == "torch" for part in parts
    )


def _gradient(module: Any, x: tuple[Any, ...], wrt: Wrt) -> list[list[float]]:
    """What torch returns: a row an output, by all that is asked about."""
    import torch

    given = [part.detach().clone() for part in x]
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
            row += [0.0] * variable.numel() if grad is None else Torch().entries(grad)
        rows.append(row)
    return rows


def _columns(torch: Torch, module: Any, given: tuple[Any, ...], wrt: Wrt, limits: Limits) -> list[list[float]]:
    """The same by forward mode: a product with each unit vector."""
    from torch.func import functional_call

    named = {name: each.detach() for name, each in module.named_parameters()}
    chosen = [] if wrt == "inputs" else list(named) if wrt == "parameters" else _listed(wrt)

    def function(*variables: Any) -> Any:
        changed = dict(zip(chosen, variables, strict=False))
        made = functional_call(module, {**named, **changed}, given if chosen else variables)
        flat = [each.reshape(-1) for each in (made if isinstance(made, tuple) else (made,))]
        return flat[0] if len(flat) == 1 else _concatenated(flat)

    variables = [named[name] for name in chosen] if chosen else [part.detach() for part in given]
    columns = []
    for number, variable in enumerate(variables):
        for place in range(variable.numel()):
            limits.check()
            tangents = [each.new_zeros(each.shape) for each in variables]
            tangents[number].reshape(-1)[place] = 1
            columns.append(torch.entries(torch.along(function, variables, tangents)))
    return [list(row) for row in zip(*columns, strict=True)]


def _concatenated(parts: Any) -> Any:
    """One vector of several."""
    import torch

    return torch.cat(parts)


def _listed(wrt: Wrt) -> list[str]:
    return [wrt] if isinstance(wrt, str) else list(wrt)
