"""What a zygote prepares for its runs."""
