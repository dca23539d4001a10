"""Notices to chat services, through apprise."""
