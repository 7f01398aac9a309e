"""How the installed TensorFlow differentiates one operation, backward and forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from subgrad_hardness.auditing.frameworks import Shares
from subgrad_hardness.common.errors import NetError


class TensorFlow:
    """``auditing.choices.Framework`` of TensorFlow's tensors."""

    name = "tensorflow"
    place = "<TensorFlow function>"

    def __init__(self, mode: str = "backward") -> None:
        self.mode = mode

    def version(self) -> str:
        """That of what is installed."""
        import tensorflow

        return str(tensorflow.__version__)

    def entries(self, array: Any) -> list[float]:
        """In row-major order."""
        import numpy as np

        entries: list[float] = np.asarray(array).astype(np.float64).reshape(-1).tolist()
        return entries

    def along(self, compute: Callable[[], Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
        """The Jacobian-vector product of forward mode; ``compute`` reads the primals, tensors or variables."""
        import tensorflow

        try:
            with tensorflow.autodiff.ForwardAccumulator(list(primals), list(tangents)) as forward:
                made = compute()
            found = forward.jvp(made, unconnected_gradients=tensorflow.UnconnectedGradients.ZERO)
        except (NotImplementedError, LookupError, ValueError) as problem:
            said = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
            raise NetError(f"tensorflow has no forward mode of it: {said}", file=self.place) from None
        return found

    def partials(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> list[tuple[list[float], list[float]]]:
        """One backward pass of the sum; or a product with ones for each argument."""
        import tensorflow

        shape = compute(*arrays).shape
        wide = [tensorflow.identity(tensorflow.broadcast_to(array, shape)) for array in arrays]
        if self.mode == "forward":
            made = [
                self.along(lambda: compute(*wide), [each], [tensorflow.ones_like(each)])  # each its own product
                for each in wide
            ]
        else:
            with tensorflow.GradientTape() as tape:
                tape.watch(wide)
                out = compute(*wide)
            made = tape.gradient(out, wide, unconnected_gradients=tensorflow.UnconnectedGradients.ZERO)
        return [(self.entries(array), self.entries(grad)) for array, grad in zip(wide, made, strict=True)]

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Shares]:
        """One forward pass and a backward pass an entry; or a product with a unit vector for each place."""
        import tensorflow

        leaf = tensorflow.identity(array)

        def shares_forward(index: int, places: Sequence[int]) -> list[float]:
            along = [self.along(lambda: compute(leaf), [leaf], [unit(leaf, place)]) for place in places]
            return [self.entries(each)[index] for each in along]

        if self.mode == "forward":
            return self.entries(leaf), shares_forward
        with tensorflow.GradientTape(persistent=True) as tape:
            tape.watch(leaf)
            out = compute(leaf)

        def shares(index: int, places: Sequence[int]) -> list[float]:
            flat = self.entries(tape.gradient(out, leaf, output_gradients=unit(out, index)))
            return [flat[place] for place in places]

        return self.entries(leaf), shares


def unit(like: Any, place: int) -> Any:
    """A one at this place, in row-major order, of zeros."""
    import tensorflow

    return tensorflow.reshape(tensorflow.one_hot(place, int(tensorflow.size(like)), dtype=like.dtype), like.shape)
