"""The desk's room: the queue as a table, one appeal as a folder, acts on one and on many.

`room` holds the parts together and follows the log; `table` is the page of the queue that is shown,
`filters` what narrows it; `bulk` acts on what is marked; `folder` is the open appeal with its acts,
`register`, `replies` and `templates` its forms; `keys` says which key is which command.
"""
