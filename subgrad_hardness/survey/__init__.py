"""Many points of one net: at which are kinks, why, and what a gradient is there."""
