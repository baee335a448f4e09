"""The supervisor by itself, and its zygotes."""
