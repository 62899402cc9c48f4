"""What every replica and the server agree on: ids, limits, crypto, records and the sync core.

No I/O, no clock, no framework in here; only sealing and key creation draw randomness.
"""
