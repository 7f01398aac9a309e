"""Other people's solvers, and the models that they are given."""
