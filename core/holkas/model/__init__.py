"""The nouns of holkas as frozen dataclasses, one file a noun.

Nothing here acts, reads a file or knows a tool. Values that hold lists or mappings are never changed after they
were made: build a new one with :func:`dataclasses.replace`.
"""
