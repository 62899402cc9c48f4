"""The desk's screens: the queue (`queue`, with `table` and `cards`) and an appeal (`folder`).

`kit` has the field and the menu that all of them use: each keeps the keys while it is used.
"""
