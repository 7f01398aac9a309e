"""What evaluating and differentiating a nonsmooth program costs: counted, and bounded."""
