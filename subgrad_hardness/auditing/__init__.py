"""What a gradient that a framework returned means: which choices at kinks explain it, and how far rounding reaches."""
