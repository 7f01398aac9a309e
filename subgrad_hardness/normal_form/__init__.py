"""Linear forms over inputs and atoms, and the normal form that merges equal kinks (SPEC 5.2)."""
