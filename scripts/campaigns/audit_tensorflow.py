"""Random small functions of TensorFlow: are imports the programs by hand, gradients explained, and rightly judged?

Brute force judges (``auditing/judging.py``): all choices at kinks, as results of a program by hand that shares no code
with the package, and the Jacobians behind many directions; in one or two inputs their hulls are looked at exactly.
Exit status 1 for a finding.
"""

from __future__ import annotations

import sys

from auditing.in_tensorflow import OPERATIONS, function
from auditing.judging import campaign
from auditing.specimens import Specimen

import subgrad_hardness as sh
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.audit_tensorflow import program_of


def made(seed: int, mode: str) -> tuple[Specimen, sh.Program, AuditResult]:
    """A specimen, its import, and the audit."""
    import tensorflow as tf

    specimen = Specimen.random(seed, OPERATIONS)
    f, x = function(specimen), tf.constant(specimen.point, tf.float32)
    return specimen, program_of(f, x), sh.audit_tensorflow(f, x, mode=mode)


if __name__ == "__main__":
    sys.exit(campaign(__doc__, made))
