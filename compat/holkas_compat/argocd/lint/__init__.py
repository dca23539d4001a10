"""What is wrong with documents beyond their validity."""
