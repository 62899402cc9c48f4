"""Carrying other people's requests and the city's replies to them, and what couriers bring."""
