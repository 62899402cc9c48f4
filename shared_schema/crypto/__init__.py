"""Signing, sealing, packing and the city card. The only rooms that draw randomness."""
