"""What Argo CD's types say (pkg/apis/application/v1alpha1), as tables."""
