"""What desired and live state mean: identity, difference, order, health, the plan of a sync. Pure."""
