"""Exact linear algebra over the integers: strict cones, independence, inverses."""
