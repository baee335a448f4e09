"""The runner's tests: `npm test -- runner`, or README.md for the bare command. Standard library only."""
