"""What the service, the supervisor, zygotes and runs say to each other."""
