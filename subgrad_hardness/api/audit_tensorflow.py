"""``audit_tensorflow``: what does the gradient mean that the installed TensorFlow returns for a function?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.framework_audit import audit_framework, expanded_at_point
from subgrad_hardness.api.options import require_choice, require_seconds
from subgrad_hardness.auditing.frameworks import MODES
from subgrad_hardness.auditing.tensorflow_choices import TensorFlow, unit
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.program import Program


def audit_tensorflow(
    f: Callable[..., Any],
    x: Any,
    *,
    loss: Callable[[Any], Any] | None = None,
    wrt: str | Sequence[Any] = "inputs",
    mode: str = "backward",
    certify: bool = True,
    seed: int = 0,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> AuditResult:
    """Differentiate a function of TensorFlow, or a model of Keras, with TensorFlow, and say what the gradient means.

    Parameters
    ----------
    f : callable
        Of piecewise-linear operations (docs/audit.md has the list), giving a tensor or several.  Of several outputs
        the Jacobian is audited.  A model of Keras is called as it is: in inference.
    x : tensor or array, or a tuple of arguments
        What it is called with: the point.
    loss : callable, optional
        Applied to what ``f`` gives, of operations from the list as well: ``lambda y: y[0, 7]``.
    wrt : ``"inputs"``, ``"parameters"``, or a list of variables
        What is differentiated by; parameters are ``f.trainable_variables``.  Parameters of several layers multiply one
        another: then the answer is about lexicographic subgradients (docs/losses.md).
    mode : ``"backward"`` or ``"forward"``
        Backward: by ``tf.GradientTape``.  Forward: the Jacobian column by column, by Jacobian-vector products
        (``tf.autodiff.ForwardAccumulator``); the framework is asked what it does at kinks in that mode.
    certify, seed, time_limit, memory_limit : optional
        As in ``audit``.

    Returns
    -------
    AuditResult
        ``operations`` says what TensorFlow was seen to do at the kinks that were met, ``framework`` its version.

    Raises
    ------
    NetError
        Naming the operation and why, for a function that is not exact and piecewise linear; also where tensorflow is
        not installed.
    ParameterError
        An option that makes no sense.
    LimitReached
        A limit was hit before the audit began.

    Notes
    -----
    TensorFlow is asked about every operation with kinks at the very numbers that it meets (``auditing.choices``); with
    these choices the backward pass is repeated exactly, and TensorFlow's result compared within the bound of its
    rounding.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> import tensorflow as tf  # doctest: +SKIP
    >>> sh.audit_tensorflow(lambda x: tf.maximum(x, 0.0) - tf.nn.relu(x), tf.zeros(1))  # doctest: +SKIP
    <AuditResult: (1): conservative; explained, exactly, by: tensorflow 2.21.0>
    """
    from subgrad_hardness.models.tensorflow_function import plain_variable, read_function

    limits = Limits.seconds(require_seconds(time_limit))
    framework = TensorFlow(require_choice(mode, "mode", MODES))
    arguments = x if isinstance(x, tuple) else (x,)
    if isinstance(wrt, str):
        require_choice(wrt, "wrt", ("inputs", "parameters"))
        variables = None if wrt == "inputs" else list(getattr(f, "trainable_variables", []))
    else:
        variables = list(wrt)
    if variables is not None and not variables:
        raise ParameterError("nothing to differentiate by: no variables", place="wrt")

    def whole(*given: Any) -> Any:
        made = f(*given)
        return made if loss is None else loss(made)

    read = read_function(whole, arguments, variables)
    held = None if variables is None else [plain_variable(each) for each in variables]
    return audit_framework(
        read,
        framework,
        lambda: _gradient(framework, whole, arguments, held, limits),
        limits=limits,
        certify=certify,
        seed=seed,
        memory_limit=memory_limit,
    )


def program_of(f: Callable[..., Any], x: Any) -> Program:
    """The exact program that a function of TensorFlow is, at the point x.  Raises NetError."""
    from subgrad_hardness.models.tensorflow_function import read_function

    return expanded_at_point(read_function(f, x if isinstance(x, tuple) else (x,)), TensorFlow())


def _gradient(
    framework: TensorFlow, f: Callable[..., Any], arguments: Sequence[Any], held: Sequence[Any] | None, limits: Limits
) -> list[list[float]]:
    """What TensorFlow returns: a row an output, by all that is asked about."""
    import tensorflow

    given = [tensorflow.convert_to_tensor(each) for each in arguments]
    by = given if held is None else held

    def flat() -> Any:
        return tensorflow.concat([tensorflow.reshape(each, [-1]) for each in tensorflow.nest.flatten(f(*given))], 0)

    if framework.mode == "forward":
        columns = []
        for variable in by:
            for place in range(int(tensorflow.size(variable))):
                limits.check()
                columns.append(framework.entries(framework.along(flat, [variable], [unit(variable, place)])))
        return [list(row) for row in zip(*columns, strict=True)]
    with tensorflow.GradientTape(persistent=True) as tape:
        tape.watch(by)
        out = flat()
    rows = []
    for place in range(int(tensorflow.size(out))):
        limits.check()
        found = tape.gradient(
            out,
            by,
            output_gradients=unit(out, place),
            unconnected_gradients=tensorflow.UnconnectedGradients.ZERO,
        )
        whole = [tensorflow.convert_to_tensor(each) for each in found]  # rows that were gathered come as slices
        rows.append([entry for each in whole for entry in framework.entries(each)])
    return rows
