"""The process that has loaded what scripts need, and forks runs."""
