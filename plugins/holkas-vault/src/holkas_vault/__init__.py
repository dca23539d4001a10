"""A plugin of holkas: secrets from HashiCorp Vault or OpenBao."""
