"""What the app can do, without any user interface: file, read, answer, publish, exchange."""
