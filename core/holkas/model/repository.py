"""Repositories and the credentials for them, as Argo CD means them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from holkas.model.secret import Secret
from holkas.records import dataclass

_CREDENTIALS = (
    *("username", "password", "bearer_token", "ssh_private_key", "tls_client_certificate", "tls_client_key"),
    *("github_app_id", "github_app_installation_id", "github_app_base_url", "github_app_private_key"),
    *("gcp_service_account_key", "azure_client_id", "azure_client_secret", "azure_tenant_id"),
    "azure_directory_endpoint",
)
_WAYS = ("proxy", "no_proxy", "type")
_SWITCHES = ("insecure_oci_force_http", "force_basic_auth", "use_azure_workload_identity")
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
    azure_client_id: str = ""
    azure_client_secret: Secret | None = None
    azure_tenant_id: str = ""
    azure_directory_endpoint: str = ""
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
        """Whether it brings a user, a password, a token, a key or an identity of its own (``HasCredentials``)."""
        secrets = (
            self.password,
            self.bearer_token,
            self.ssh_private_key,
            self.tls_client_certificate,
            self.github_app_private_key,
            self.azure_client_secret,
        )
        return (
            bool(self.username)
            or any(secret is not None for secret in secrets)
            or self.use_azure_workload_identity
        )

    @property
    def is_insecure(self) -> bool:
        """Whether the server's identity is not checked."""
        return self.insecure or self.insecure_ignore_host_key or self.insecure_oci_force_http

    @property
    def effective_type(self) -> str:
        """The type; by the address where it is not said: ``oci`` for ``oci://``, else ``git``."""
        if self.type:
            return self.type
        return "oci" if self.url.startswith("oci://") else "git"

    def with_credentials_of(self, template: Repository | None) -> Repository:
        """The same repository with what it lacks of credentials, and of ways to the server, taken from a template.

        The template says by itself how they are used, and whether charts are in a registry (Argo CD,
        ``Repository.CopyCredentialsFrom``). Whether the server is trusted is no credential.
        """
        return self._with(template, (*_CREDENTIALS, *_WAYS), (*_SWITCHES, "enable_oci"))

    def with_credentials_of_repository(self, other: Repository | None) -> Repository:
        """The same with the credentials of another repository (``Repository.CopyCredentialsFromRepo``)."""
        return self._with(other, _CREDENTIALS, _SWITCHES)

    def with_settings_of(self, other: Repository | None) -> Repository:
        """The same repository with another's settings: trust and LFS (``Repository.CopySettingsFrom``)."""
        return self._with(other, (), _SETTINGS)

    def _with(self, other: Repository | None, missing: Sequence[str], always: Sequence[str]) -> Repository:
        if other is None:
            return self
        taken = {name: getattr(other, name) for name in missing if not getattr(self, name)}
        return replace(self, **taken, **{name: getattr(other, name) for name in always})
