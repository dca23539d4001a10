from __future__ import annotations

import pytest

from tests.deliveries import Shop


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    yield made
    made.close()
