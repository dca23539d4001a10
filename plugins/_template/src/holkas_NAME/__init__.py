"""A plugin of holkas: secrets from a directory."""
