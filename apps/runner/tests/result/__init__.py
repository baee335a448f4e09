"""What becomes of return values and exceptions."""
