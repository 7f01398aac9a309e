"""The thresholds engine: equal min-max programs, cut into sides; sides of equal value merged bottom-up (SPEC 5)."""
