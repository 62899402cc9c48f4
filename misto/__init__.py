"""The `misto` command line."""
