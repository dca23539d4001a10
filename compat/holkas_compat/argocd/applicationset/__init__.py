"""ApplicationSets: applications made of parameters. See :mod:`holkas_compat.argocd.applicationset.generate`."""
