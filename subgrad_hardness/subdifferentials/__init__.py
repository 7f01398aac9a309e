"""The whole subdifferential: its members, its polytope, support, membership, stationarity, regions."""
