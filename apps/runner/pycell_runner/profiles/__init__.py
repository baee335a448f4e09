"""What isolates runs from each other: a module for each kind of jail, and one for none."""
