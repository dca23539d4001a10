"""Settings of all tests.

Property tests have no deadline, since the machines that run them are shared and noisy. They try the same examples for
the same code, so that a gate answers a commit twice alike; ``tox run -e explore`` tries others. Ctrl-C is what it is on a
terminal, also where the tests were started in the background of a shell, which makes every program deaf for it.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "holkas", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("explore", settings.get_profile("holkas"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "holkas"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
