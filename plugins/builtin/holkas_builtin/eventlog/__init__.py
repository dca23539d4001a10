"""Monitoring that is a SQLite file: every event, and how each environment is as far as the events say."""
