"""Random small torch modules: does the import equal the program by hand, is every gradient explained, rightly judged?

Brute force judges (``auditing/judging.py``): all choices at kinks, as results of a program by hand that shares no code
with the package, and the Jacobians behind many directions; in one or two inputs their hulls are looked at exactly.
Exit status 1 for a finding.
"""

from __future__ import annotations

import sys

from auditing.judging import campaign
from auditing.specimens import Specimen

import subgrad_hardness as sh
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.audit_torch import program_of


def made(seed: int, mode: str) -> tuple[Specimen, sh.Program, AuditResult]:
    """A specimen, its import, and the audit."""
    import torch

    specimen = Specimen.random(seed)
    module, x = specimen.module(), torch.tensor([[float(entry) for entry in specimen.point]])
    return specimen, program_of(module, x), sh.audit_torch(module, x, mode=mode)


if __name__ == "__main__":
    sys.exit(campaign(__doc__, made))
