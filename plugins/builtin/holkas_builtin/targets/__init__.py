"""Targets that need no cluster: files of a directory, and memory."""
