"""sprig's functions for Go templates, a subject a file.

Source: sprig's documentation (version 3.3) and Go's package documentation where sprig only passes on.
"""
