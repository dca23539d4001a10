"""Tekton Triggers: listeners, triggers, bindings, templates and interceptors, and what an event makes of them."""
