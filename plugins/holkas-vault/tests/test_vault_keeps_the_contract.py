"""OpenBao as secret store keeps the role's contract: both key-value engines, both logins."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.secret_store import SecretStoreContract

pytestmark = pytest.mark.service
CREDENTIALS = {"contract": {"path": "rabbitmq/creds/contract"}}


class TestVersionTwoWithToken(SecretStoreContract):
    @pytest.fixture
    def tool(self, make):
        return make(mount="two", credentials=CREDENTIALS)


class TestVersionOneWithAppRole(SecretStoreContract):
    @pytest.fixture
    def tool(self, make, approle):
        login = approle()
        return make(
            mount="one",
            auth="approle",
            role_id=login["role_id"],
            environ={"VAULT_SECRET_ID": login["secret_id"]},
            dynamic_mount="rabbitmq",
        )
