"""Iterations x <- F(x, theta) as nets, their fixed points, and what becomes of their derivatives along the way."""
