"""The device's secrets and the file that keeps them."""
