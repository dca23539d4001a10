"""Interfaces of the hooks beside the six roles, one file each: executor, importer, notifier, target, check, command."""
