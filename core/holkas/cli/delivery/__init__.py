"""Commands about deliveries, one a module."""
