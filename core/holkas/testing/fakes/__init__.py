"""Tools in memory, one a file, that behave as their roles say: for tests, demonstrations and what-if
questions."""
