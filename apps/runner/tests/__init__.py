"""The runner's tests; ../README.md has the command. Standard library only, but for the conversion of numpy and pandas."""
