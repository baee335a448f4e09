"""The runner's tests; ../README.md has the command. Standard library only, but for conversion: numpy, pandas, hypothesis."""
