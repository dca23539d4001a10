"""Rules that need more than one document: mistakes that Tekton finds only when something is run."""
