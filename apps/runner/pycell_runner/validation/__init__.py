"""What can be told of a script without executing any of it: the answer of `POST /validate`."""
