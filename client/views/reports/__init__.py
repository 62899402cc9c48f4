"""The room with reports: the board, the papers, open data and the audit."""
