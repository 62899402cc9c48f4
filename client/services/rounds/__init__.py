"""A volunteer's round: which doors, what was found there, and whether everything is handed over."""
