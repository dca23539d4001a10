"""What a plugin's author tests with: fakes of the six roles, contract tests to subclass, and a pytest plugin.

The pytest plugin (:mod:`holkas.testing.pytest_plugin`) is there wherever holkas is installed; the contracts
and fakes are imported by the tests that use them.
"""
