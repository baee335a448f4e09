"""What becomes of a return value or of an exception."""
