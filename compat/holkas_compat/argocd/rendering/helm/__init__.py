"""Charts: values, dependencies, and the order in which helm prints."""
