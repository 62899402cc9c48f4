"""Ways to carry a bundle to a server and its answer back."""
