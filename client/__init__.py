"""The resident's, volunteer's and desk's app."""
