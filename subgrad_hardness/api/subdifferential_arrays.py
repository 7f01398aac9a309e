"""Lexicographic subgradients as arrays in a ``.npz`` file: integers, exactly."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.subdifferential_result import SubdifferentialResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def arrays(result: SubdifferentialResult) -> bytes:
    """The file: ``numerators`` (k x m x p), their common ``denominator``, ``interiors`` (k x p), ``complete``.

    int64, and texts of digits for an array with an entry that int64 cannot hold.
    """
    import numpy as np

    members = result.members or ()
    common = math.lcm(*(entry.denominator for member in members for row in member.jacobian for entry in row))
    numerators = [[[int(entry * common) for entry in row] for row in member.jacobian] for member in members]
    data = io.BytesIO()
    np.savez_compressed(
        data,
        numerators=_whole(numerators),
        denominator=_whole(common),
        interiors=_whole([member.interior for member in members]),
        complete=np.array(result.complete),
    )
    return data.getvalue()


def _whole(values: Any) -> NDArray[np.int64] | NDArray[np.str_]:
    import numpy as np

    exact = np.array(values, dtype=object)
    if all(-(2**63) <= entry < 2**63 for entry in exact.flat):
        return exact.astype(np.int64)
    return np.array([str(entry) for entry in exact.flat]).reshape(exact.shape)
