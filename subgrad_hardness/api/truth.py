"""Which results may stand in a condition: one rule for all results of the package.

- A result that answers yes or no to the question asked is that answer: ``VerifyResult`` is true only if the
  certificate proves its claim, so ``assert verify(net, certificate)`` stops at everything else.
- A result whose verdict is one of several words has no truth value: ``if check(net):`` could mean "distinct", "decided"
  or "certified", so it raises TypeError and says which attribute to ask (``NoTruthValue``).
- A result without a verdict (a gradient, sizes, a list of pieces) is an ordinary object, hence true.

No result has a length, can be indexed or unpacked: all are frozen dataclasses with keywords only, and ``to_json()``.
"""

from __future__ import annotations

from typing import NoReturn


class NoTruthValue:
    """A base of results whose verdict is one of several words."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} is neither true nor false: "
            "compare its verdict, as in result.verdict == 'distinct'"
        )
