"""What Misto costs: bytes, seconds, queries."""
