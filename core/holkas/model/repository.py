"""Repositories and the credentials for them, as Argo CD means them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from holkas.model.secret import Secret
from holkas.records import dataclass

_OWN = ("url", "type", "name", "project", "enable_oci")
_SETTINGS = ("insecure", "insecure_ignore_host_key", "enable_lfs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository of git, Helm charts or OCI artifacts, or a template of credentials for all below its address.

    type: ``git``, ``helm`` or ``oci``, empty where it is not said. project: the only one that may use it.
    """

    url: str
    type: str = ""
    name: str = ""
    project: str = ""
    username: str = ""
    password: Secret | None = None
    bearer_token: Secret | None = None
    ssh_private_key: Secret | None = None
    tls_client_certificate: Secret | None = None
    tls_client_key: Secret | None = None
    github_app_id: str = ""
    github_app_installation_id: str = ""
    github_app_base_url: str = ""
    github_app_private_key: Secret | None = None
    gcp_service_account_key: Secret | None = None
    insecure: bool = False
    insecure_ignore_host_key: bool = False
    insecure_oci_force_http: bool = False
    enable_lfs: bool = False
    enable_oci: bool = False
    force_basic_auth: bool = False
    use_azure_workload_identity: bool = False
    proxy: str = ""
    no_proxy: str = ""

    @property
    def has_credentials(self) -> bool:
        """Whether it brings a user, a password, a token, a key or an identity of its own."""
        secrets = (
            self.password,
            self.bearer_token,
            self.ssh_private_key,
            self.tls_client_certificate,
            self.github_app_private_key,
            self.gcp_service_account_key,
        )
        return (
            bool(self.username)
            or any(secret is not None for secret in secrets)
            or self.use_azure_workload_identity
        )

    @property
    def is_insecure(self) -> bool:
        """Whether the server's identity is not checked."""
        return self.insecure or self.insecure_ignore_host_key

    @property
    def effective_type(self) -> str:
        """The type; by the address where it is not said: ``oci`` for ``oci://``, else ``git``."""
        if self.type:
            return self.type
        return "oci" if self.url.startswith("oci://") else "git"

    def with_credentials_of(self, other: Repository | None) -> Repository:
        """The same repository with what it lacks of credentials, and of ways to the server, taken from another.

        Whether the server is trusted is no credential (Argo CD, ``Repository.CopyCredentialsFrom``).
        """
        return self._with(other, lambda name: name not in (*_OWN, *_SETTINGS))

    def with_settings_of(self, other: Repository | None) -> Repository:
        """The same repository with another's settings: trust and LFS (``Repository.CopySettingsFrom``)."""
        return self._with(other, lambda name: name in _SETTINGS)

    def _with(self, other: Repository | None, takes: Callable[[str], bool]) -> Repository:
        if other is None:
            return self
        names = [field.name for field in fields(self) if takes(field.name)]
        taken = {
            name: getattr(other, name) for name in names if not getattr(self, name) and getattr(other, name)
        }
        return replace(self, **taken)
