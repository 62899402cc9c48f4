"""Observable state for the views, without Flet controls: what is shown, and what can be done."""
