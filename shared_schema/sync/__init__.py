"""The sans-io core of replication: bytes and values in, values out. Used by both sides."""
