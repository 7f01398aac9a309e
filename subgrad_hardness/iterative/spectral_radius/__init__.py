"""Joint spectral radii: words whose products are large, norms in which all matrices are small."""
