"""What a torch module is asked about, looked at before torch.export is: modules and functions, tensors, names."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

from subgrad_hardness.common.errors import NetError, ParameterError
from subgrad_hardness.common.words import missing_extra

#: What differentiation is with respect to: ``inputs``, ``parameters``, or names of parameters.
Wrt = str | Sequence[str]

PLACE = "<torch module>"


class TorchQuestion(NamedTuple):
    """A module with the loss behind it, its arguments, and what it is differentiated by, in the module's own names."""

    module: Any
    given: tuple[Any, ...]
    wrt: Wrt


def asked_about(module: Any, x: Any, loss: Any, wrt: Wrt) -> TorchQuestion:
    """A module, or a function of tensors, that can be called with ``x`` and has what ``wrt`` names.

    Raises ParameterError naming the argument that is none; NetError where torch is not installed, or cannot call it.
    """
    try:
        import torch
    except Exception as problem:  # a broken package raises whatever it likes
        raise NetError(f"reading modules {missing_extra('torch', 'torch', problem)}", file=PLACE) from None
    if not callable(module):
        raise ParameterError(f"{_kind(module)}; a torch.nn.Module is read, or a function", place="module")
    if loss is not None and not callable(loss):
        raise ParameterError(f"{_kind(loss)}; a function of the module's output is expected", place="loss")
    given = x if isinstance(x, tuple) else (x,)
    for place, part in enumerate(given):
        _require_tensor(part, "x" if len(given) == 1 else f"x[{place}]", floating=wrt == "inputs")
    inner = module if isinstance(module, torch.nn.Module) else _composed(module, None)
    wrt = wrt if wrt in ("inputs", "parameters") else _names(inner, wrt)
    if loss is None:
        whole = inner
    else:
        whole = _composed(inner, loss)
        wrt = wrt if isinstance(wrt, str) else [f"module.{name}" for name in wrt]
    _call_once(whole, given)
    return TorchQuestion(whole, given, wrt)


def _require_tensor(part: Any, place: str, *, floating: bool) -> None:
    import torch

    if isinstance(part, torch.Tensor):
        if floating and not part.is_floating_point():
            kind = str(part.dtype).removeprefix("torch.")
            raise ParameterError(f"of the type {kind}; a tensor of floating-point numbers is expected", place=place)
        return
    hint = " (torch.from_numpy makes one)" if type(part).__module__ == "numpy" else ""
    raise ParameterError(f"{_kind(part)}; a torch tensor is expected, or a tuple of them{hint}", place=place)


def _kind(value: Any) -> str:
    """What somebody gave, for a message."""
    known = {"NoneType": "None", "ndarray": "an array of numpy", "str": "a string", "int": "an integer"}
    return known.get(type(value).__name__, f"a {type(value).__name__}")


def _names(module: Any, wrt: Wrt) -> list[str]:
    """The names of parameters that are asked about, as ``named_parameters`` has them."""
    have = dict(module.named_parameters())
    names = [wrt] if isinstance(wrt, str) else list(wrt)
    for name in names:
        if name not in have:
            said = f"there are {', '.join(list(have)[:8])}" if have else "the module has none"
            raise ParameterError(f"no parameter {name}; {said}", place="wrt")
    return names


def _composed(first: Callable[..., Any], after: Callable[[Any], Any] | None) -> Any:
    """A function or module, and a loss behind it, as one module.  What is within keeps its mode: it is the caller's."""
    import torch

    class Composed(torch.nn.Module):  # type: ignore[misc]
        """``after(module(x))``."""

        def __init__(self) -> None:
            super().__init__()
            self.module = first

        def forward(self, *given: Any) -> Any:
            """loss(module(x))"""
            made = self.module(*given)
            return made if after is None else after(made)

    return Composed()


def _call_once(module: Any, given: tuple[Any, ...]) -> None:
    """Raises NetError where the call fails: torch says more about that than torch.export does.

    Statistics that a module keeps are those of copies, which are thrown away.
    """
    import torch

    kept = {name: each.detach().clone() for name, each in module.named_buffers()}
    try:
        with torch.no_grad():
            torch.func.functional_call(module, kept, tuple([part.detach().clone() for part in given]))
    except Exception as problem:
        said = str(problem).strip().splitlines() or [type(problem).__name__]
        raise NetError(f"cannot be called with x: {said[0]}", file=PLACE) from None


@contextmanager
def quiet() -> Iterator[None]:
    """Without what torch logs and prints where it refuses: the message says it, in one line."""
    named = [each for name, each in logging.root.manager.loggerDict.items() if name.startswith("torch.")]
    loggers = [each for each in named if isinstance(each, logging.Logger) and not each.disabled]
    try:
        for each in loggers:
            each.disabled = True
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        for each in loggers:
            each.disabled = False
