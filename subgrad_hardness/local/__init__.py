"""Localisation at a point: kinks, the directional derivative, flattened and normal forms."""
