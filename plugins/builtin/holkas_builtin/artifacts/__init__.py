"""The artifact repository that is a directory: content by its digest, names and versions beside it."""
