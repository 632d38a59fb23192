"""What is installed, and what it may do."""
