"""ConfigMaps and Secrets that configure Argo CD."""
