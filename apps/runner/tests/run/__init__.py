"""Scripts, end to end: in a runner of their own, or in forks of a zygote."""
