"""Contract tests: what every tool of a role must do. A plugin's author subclasses one and gives it a tool::

    from holkas.testing.contracts.secret_store import SecretStoreContract

    class TestMine(SecretStoreContract):
        @pytest.fixture
        def tool(self):
            with MyStore(address) as store:
                yield store

Tests of methods behind a capability flag that the tool has not got are skipped; that those methods then raise
``Unsupported`` is itself a test. Whatever a tool needs besides is a further fixture of the contract.
"""
