"""Functions of TensorFlow: the import beside TensorFlow's own values, what is refused, audits of what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.api.audit_tensorflow import program_of
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.models.tensorflow_function import read_function
from subgrad_hardness.net.evaluation import value

tf: Any = pytest.importorskip("tensorflow", reason="tensorflow is not installed: functions are not imported")


def _numbers(*shape: int) -> Any:
    return tf.reshape(tf.range(int(np.prod(shape)), dtype=tf.float32) - 11, shape)


def convolved(x: Any) -> Any:
    one = tf.nn.conv2d(x, _numbers(2, 3, 1, 4), [1, 2, 1, 1], "SAME", dilations=[1, 1, 2, 1])
    two = tf.nn.depthwise_conv2d(x, _numbers(3, 2, 2, 2), [1, 1, 1, 1], [[0, 0], [1, 0], [0, 2], [0, 0]])
    first = tf.nn.bias_add(tf.nn.conv2d(x, _numbers(2, 2, 2, 3), 1, "VALID"), [1.0, 2.0, -3.0])
    return tf.reduce_sum(one) - tf.reduce_mean(two, [1, 2]) + tf.reduce_sum(first, axis=-1)[0, 0, :1]


def pooled(x: Any) -> Any:
    highest = tf.nn.max_pool2d(x, [2, 3], [2, 1], "SAME")
    mean = tf.nn.avg_pool2d(x, 3, 2, "SAME")
    return tf.reduce_sum(highest, [1, 2]) - tf.reduce_max(mean, axis=[0, -1], keepdims=True)[:, 0, :2, 0]


VALUES: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "moves": (lambda x: tf.transpose(tf.reshape(tf.concat([x[1:], x[:1]], 0), (2, 2)))[::-1] * 2 - 1, (4,)),
    "places": (lambda x: tf.gather(x, [2, 0, 3]) - x[1] + tf.tile(x, [2])[3:6] + tf.reverse(x, [0])[:3], (4,)),
    "pads": (lambda x: tf.pad(x, [[1, 2]], constant_values=3.0) + tf.pad(x, [[2, 1]], "REFLECT"), (4,)),
    "stacks": (lambda x: tf.reduce_min(tf.stack([x, -x]), 0) + tf.split(x, 2)[1][0] + tf.unstack(x)[0], (4,)),
    "clips": (lambda x: tf.clip_by_value(x, -0.5, 0.2) + tf.nn.relu6(3 * x) + tf.abs(x) + tf.square(x) / 2, (4,)),
    "choices": (
        lambda x: tf.nn.leaky_relu(x, 0.3) + tf.where(x < 0.0, -x, x) + tf.maximum(0.1, x) + tf.where(x > 0, x, 0),
        (4,),
    ),
    "known": (lambda x: tf.where([True, False], x, 2 * x) + tf.cast(tf.shape(x)[0], x.dtype) + tf.zeros_like(x), (2,)),
    "products": (lambda x: tf.reduce_mean(tf.matmul(x, _numbers(2, 4, 3), transpose_b=True), 1), (2, 2, 3)),
    "left": (lambda x: _numbers(2, 3) @ x / 3 - tf.math.squared_difference(tf.add_n([x, x]), 1.0)[:2], (3, 1)),
    "called": (lambda x: tf.function(lambda y: tf.nn.relu(y) - tf.ones_like(y))(tf.negative(x)), (3,)),
    "convolved": (convolved, (1, 4, 4, 2)),
    "pooled": (pooled, (1, 4, 5, 2)),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_those_of_tensorflow(name: str) -> None:
    function, shape = VALUES[name]
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    exact = value(program_of(function, x), x.reshape(-1).tolist())
    found = np.reshape(function(tf.constant(x)), -1).tolist()
    assert [float(entry) for entry in exact] == pytest.approx(found, rel=1e-5, abs=1e-4)


def _drawn(x: Any) -> Any:
    return x + tf.random.uniform((2,))


def _changed(x: Any) -> Any:
    return x + COUNTER.assign_add(1.0)


def _own(x: Any) -> Any:
    return tf.nn.relu(x), lambda upstream: upstream


COUNTER = tf.Variable(0.0)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (tf.sigmoid, "Sigmoid_1: is no operation that is read"),
        (lambda x: x / x, "RealDiv_1: the divisor depends"),
        (lambda x: tf.where(x > 0, x + 1, x), "jumps, or is not seen"),
        (tf.sort, "TopKV2_9: places of maxima"),
        (lambda x: tf.gather(x, tf.argmax(x)), "ArgMax_2: places of maxima jump"),
        (lambda x: x - tf.stop_gradient(x), "StopGradient_1: stops gradients"),
        (lambda x: tf.cast(x, tf.float16), "changes the type"),
        (tf.custom_gradient(_own), "has a derivative of its own"),
        (lambda x: tf.zeros(2), "does not depend on"),
        (lambda x: x if x[0] > 0 else -x, "tf.function cannot trace it"),
        (lambda x: tf.cond(x[0] > 0, lambda: x, lambda: -x), "If"),
        (_drawn, "RandomUniform changes a state"),
        (_changed, "AssignAddVariableOp changes a state"),
    ],
)
def test_what_is_refused_is_named(function: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(NetError, match=words):
        read_function(function, (tf.zeros(2),))


ZERO: tuple[tuple[Callable[[Any], Any], float], ...] = (
    (lambda x: tf.nn.relu(x) - tf.maximum(x, 0), 0.0),
    (lambda x: tf.maximum(x, 0) - tf.maximum(0.0, x), 0.0),
    (lambda x: tf.nn.relu6(x) - tf.clip_by_value(x, 0, 6), 6.0),
    (lambda x: tf.where(x > 0, x, 0) - tf.where(x >= 0, x, 0), 0.0),
    (lambda x: tf.nn.leaky_relu(x, 0.5) - 0.5 * (x + tf.nn.relu(x)), 0.0),
)


@pytest.mark.parametrize("mode", ["backward", "forward"])
@pytest.mark.parametrize(("function", "point"), ZERO)
def test_functions_that_are_zero(function: Callable[[Any], Any], point: float, mode: str) -> None:
    """Whatever the installed TensorFlow does at these ties, it is explained, and judged for what it is: 0 or wrong."""
    found = sh.audit_tensorflow(function, tf.constant(point), mode=mode)
    assert found.explained is not None and found.explained.explains
    assert (found.verdict == "lexicographic") is not any(found.vector[0])


def test_the_maximum_of_four_zeros_and_their_pool() -> None:
    """Ties of one are split evenly, of the other they go to the first: no subgradient of the zero function."""
    found = sh.audit_tensorflow(
        lambda x: tf.reduce_max(x) - tf.reshape(tf.nn.max_pool2d(x, 2, 2, "VALID"), []), np.zeros((1, 2, 2, 1))
    )
    assert found.explained is not None and found.explained.explains
    assert found.verdict in ("conservative", "neither") and any(found.vector[0])


def test_a_model_of_keras_and_its_parameters() -> None:
    keras: Any = pytest.importorskip("keras", reason="keras is not installed")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Conv2D(2, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            *[layers.MaxPooling2D(), layers.ReLU(), layers.Flatten(), layers.Dense(2)],
        ]
    )
    x = np.zeros((1, 4, 4, 1), np.float32)
    x[0, 0, 0, 0] = 1
    found = sh.audit_tensorflow(model, x, loss=lambda y: y[0, 1])
    assert found.explained is not None and found.explained.explains and found.verdict != "unknown"
    assert found.operations
    last = model.trainable_variables[-2]
    found = sh.audit_tensorflow(model, x, loss=tf.reduce_sum, wrt=[last], mode="forward")
    assert found.explained is not None and found.explained.explains and len(found.vector[0]) == 16
    everything = sh.audit_tensorflow(model, x, loss=lambda y: y[0, 0], wrt="parameters", certify=False)
    assert everything.explained is not None and everything.explained.explains
    with pytest.raises(sh.ParameterError, match="no variables"):
        sh.audit_tensorflow(lambda y: y, x, wrt="parameters")


def test_gradcheck_knows_tensors() -> None:
    assert not sh.gradcheck(lambda x: tf.nn.relu(x) - tf.nn.relu(-x), tf.zeros(1)).passed
    assert sh.gradcheck(tf.nn.relu, tf.zeros(1)).passed
