"""The built-in build server: runs pipelines on this machine."""
