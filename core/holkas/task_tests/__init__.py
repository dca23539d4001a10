"""Unit tests of tasks: what a test file says, the stubs it asks for, and whether what happened is what it expects."""
