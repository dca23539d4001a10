"""Settings of all tests: property tests have no deadline, since the machines that run them are shared and noisy."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("holkas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("holkas")
