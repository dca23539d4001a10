"""The generators, one a file. See :mod:`holkas_compat.argocd.applicationset.generators.registry`."""
