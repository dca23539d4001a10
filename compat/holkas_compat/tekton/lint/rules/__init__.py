"""Rules that judge what Tekton accepts: one subject a file, all of them in :mod:`.registry`."""
