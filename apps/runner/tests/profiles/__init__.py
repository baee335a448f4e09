"""What the kinds of jail differ in."""
