"""The desk's office work over its own full replica: cases, legal clocks, duplicates, reports."""
