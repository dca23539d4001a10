"""``python -m holkas``."""

from holkas.cli.entry import program

program()
