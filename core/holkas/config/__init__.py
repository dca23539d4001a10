"""holkas.yaml: settings in layers, each value with its origin."""
