"""A whole made-up city on one computer, for a look around and for tests."""
