"""`python -m misto`: the command line."""

from misto.cli import main

if __name__ == "__main__":
    main()
