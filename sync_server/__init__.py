"""The city's mailbox: orders and receipts changes, and cannot read appeals."""
