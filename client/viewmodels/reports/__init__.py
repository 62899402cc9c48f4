"""The models of the room with reports, open data and the audit."""
