"""What the author of a script that failed can do instead: one or two sentences beside the error."""
