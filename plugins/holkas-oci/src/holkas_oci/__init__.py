"""A plugin of holkas: artifacts in any OCI registry."""
