"""What every family of Kubernetes manifests shares: tables of types, decoding, findings, JSON Schemas."""
