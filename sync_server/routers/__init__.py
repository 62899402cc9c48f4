"""The HTTP edge: thin."""
