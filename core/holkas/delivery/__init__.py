"""Deliveries as a pure state machine over recorded events: no process, no socket, no store, no command line."""
