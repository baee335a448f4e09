"""The process that holds one script."""
