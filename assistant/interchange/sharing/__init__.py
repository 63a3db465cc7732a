"""Studies of the same interviews in two folders: one file out, taken in without loss."""
