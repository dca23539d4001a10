"""Expressions of the CEL interceptor. They are evaluated in a process of their own, which has a time-out."""
