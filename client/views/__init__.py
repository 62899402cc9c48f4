"""Flet components: they show the view models' state and call their acts, and know nothing else."""
