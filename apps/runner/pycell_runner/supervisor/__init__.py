"""The process that watches runs and tells the service how they went."""
