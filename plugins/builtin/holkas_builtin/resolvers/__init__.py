"""Finds tasks and pipelines elsewhere: in git, behind URLs, in bundles, in hubs."""
