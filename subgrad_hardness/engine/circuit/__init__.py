"""The circuit engine: relus removed one by one, a CDCL solver, Gordan's theorem (SPEC 5.3)."""
