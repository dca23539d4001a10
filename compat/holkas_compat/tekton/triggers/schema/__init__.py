"""Tables of the types of Tekton Triggers (pkg/apis/triggers), field by field."""
