"""The frame of ``forge_claims.py`` and ``forge_thresholds.py``."""
