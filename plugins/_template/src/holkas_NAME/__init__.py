"""A plugin of holkas: NAME."""
