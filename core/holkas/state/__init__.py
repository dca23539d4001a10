"""What outlives a command: an SQLite store of runs and their events, and one private directory a run."""
