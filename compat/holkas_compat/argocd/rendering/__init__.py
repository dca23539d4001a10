"""From an Application to the resources that it wants: directories, kustomize, helm, jsonnet, plugins."""
