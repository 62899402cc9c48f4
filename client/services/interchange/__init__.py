"""What the newsroom takes in from other systems and hands out to them: pure functions, no I/O.

Warnings as CAP, other newsrooms' feeds, places and outage schedules as tables. What comes in is
hostile until shown otherwise, and is only ever a draft: a person reads it before it is published.
"""
