"""Durable storage behind one interface."""
