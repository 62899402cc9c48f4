"""The replica's database: one SQLite file, its schema, and the statements that touch it."""
