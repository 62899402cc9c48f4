"""Records, their kinds, and the pure folds that turn changes into state."""
