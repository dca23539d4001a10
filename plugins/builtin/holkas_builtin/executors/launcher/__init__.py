"""The sandbox's launcher: a small single-threaded process of its own that forks the worlds of steps.

It runs under ``python -I -S`` and imports nothing but the standard library and its own package.
"""
