"""The launcher: a small single-threaded process of its own that starts steps, in worlds or in plain process groups.

It runs under ``python -I -S`` and imports nothing but the standard library, its own package, and what of the package
above is as bare.
"""
