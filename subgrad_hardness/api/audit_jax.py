"""``audit_jax``: what does the gradient mean that the installed jax returns for a function?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.framework_audit import audit_framework, expanded_at_point
from subgrad_hardness.api.options import require_choice, require_seconds
from subgrad_hardness.auditing.frameworks import MODES
from subgrad_hardness.auditing.jax_choices import Jax
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.program import Program


def audit_jax(
    f: Callable[..., Any],
    x: Any,
    *,
    argnums: int | Sequence[int] | None = None,
    mode: str = "backward",
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> AuditResult:
    """Differentiate a function with jax, and say what the gradient means.

    Parameters
    ----------
    f : callable
        Of piecewise-linear primitives (docs/audit.md has the list), giving an array or several.  Of several outputs
        the Jacobian is audited.
    x : array, or a tuple of arguments
        What it is called with: the point.  An argument may be a container of arrays (parameters, say).
    argnums : optional
        Numbers of the arguments that are differentiated by, as in ``jax.grad``; without it, all.
    mode : ``"backward"`` or ``"forward"``
        Forward: the Jacobian column by column, by Jacobian-vector products (``jax.jvp``); the framework is asked what
        it does at kinks in that mode.
    certify, seed, time_limit, memory_limit : optional
        As in ``audit``.

    Returns
    -------
    AuditResult
        ``operations`` says what jax was seen to do at the kinks that were met, ``framework`` its version.

    Raises
    ------
    NetError
        Naming the primitive and why, for a function that is not exact and piecewise linear; also where jax is not
        installed.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the audit began.

    Notes
    -----
    jax is asked about every primitive with kinks, and every function with a derivative of its own (``jax.nn.relu``), at
    the very numbers that it meets (``auditing.choices``); with these choices the backward pass is repeated exactly, and
    jax's result compared within the bound of its rounding.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> import jax, jax.numpy as jnp  # doctest: +SKIP
    >>> sh.audit_jax(lambda x: jax.nn.relu(x) - jnp.maximum(x, 0), jnp.zeros(()))  # doctest: +SKIP
    <AuditResult: (-1/2): conservative; explained, exactly, by: jax 0.10.2>
    """
    from subgrad_hardness.models.jax_function import read_function

    limits = Limits.seconds(require_seconds(time_limit))
    arguments, asked = _arguments(x, argnums)
    read = read_function(f, arguments, asked)
    return audit_framework(
        read,
        Jax(require_choice(mode, "mode", MODES)),
        lambda: _gradient(f, arguments, asked, mode, limits),
        limits=limits,
        certify=certify,
        seed=seed,
        memory_limit=memory_limit,
    )


def program_of(f: Callable[..., Any], x: Any) -> Program:
    """The exact program that a function of jax is, at the point x.  Raises NetError."""
    from subgrad_hardness.models.jax_function import read_function

    return expanded_at_point(read_function(f, *_arguments(x, None)), Jax())


def _arguments(x: Any, argnums: int | Sequence[int] | None) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """The arguments, and the numbers of those that are asked about."""
    arguments = x if isinstance(x, tuple) else (x,)
    numbers = range(len(arguments)) if argnums is None else [argnums] if isinstance(argnums, int) else argnums
    asked = tuple(sorted({number % len(arguments) for number in numbers if -len(arguments) <= number < len(arguments)}))
    if not asked or len(asked) != len(tuple(numbers)):
        said = f"of {len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        raise ParameterError(f"{argnums} are no different numbers {said}", place="argnums")
    return arguments, asked


def _gradient(
    f: Callable[..., Any], arguments: tuple[Any, ...], asked: tuple[int, ...], mode: str, limits: Limits
) -> list[list[float]]:
    """What jax returns: a row an output, by all that is asked about."""
    import jax
    import jax.numpy as jnp

    def flat(*given: Any) -> Any:
        whole = list(arguments)
        for number, each in zip(asked, given, strict=True):
            whole[number] = each
        return jnp.concatenate([jnp.ravel(each) for each in jax.tree_util.tree_leaves(f(*whole))])

    given = [jax.tree_util.tree_map(jnp.asarray, arguments[number]) for number in asked]
    if mode == "forward":
        leaves, tree = jax.tree_util.tree_flatten(given)
        columns = []
        for number, leaf in enumerate(leaves):
            for place in range(leaf.size):
                limits.check()
                tangents = [jnp.zeros_like(each) for each in leaves]
                tangents[number] = tangents[number].reshape(-1).at[place].set(1).reshape(leaf.shape)
                _, along = jax.jvp(flat, tuple(given), tuple(jax.tree_util.tree_unflatten(tree, tangents)))
                columns.append(Jax().entries(along))
        return [list(row) for row in zip(*columns, strict=True)]
    out, pull = jax.vjp(flat, *given)
    return [
        [entry for grad in jax.tree_util.tree_leaves(pull(row)) for entry in Jax().entries(grad)]
        for row in jnp.eye(out.size, dtype=out.dtype)
    ]
