"""The encrypted file as secret store keeps the role's contract."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.testing.contracts.secret_store import SecretStoreContract
from holkas_builtin.secretfile.store import SecretFile


class TestSecretFile(SecretStoreContract):
    @pytest.fixture
    def tool(self, holkas_context, tmp_path, monkeypatch):
        monkeypatch.delenv("HOLKAS_SECRETFILE_KEY", raising=False)
        with SecretFile(replace(holkas_context, options={"key-file": str(tmp_path / "key")})) as tool:
            yield tool
