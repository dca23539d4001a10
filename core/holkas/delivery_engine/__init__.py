"""Drives deliveries: asks the state machine for the next act, records it, calls the tool, records the outcome."""
