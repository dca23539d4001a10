"""Repositories and credentials for them, as Secrets say them (Argo CD, "Declarative Setup", Repositories)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.repository import Repository
from holkas.model.secret import Secret

from holkas_compat.argocd.config.data import data_of

TEXTS: Mapping[str, str] = {
    "url": "url",
    "name": "name",
    "project": "project",
    "username": "username",
    "githubAppID": "github_app_id",
    "githubAppInstallationID": "github_app_installation_id",
    "githubAppEnterpriseBaseUrl": "github_app_base_url",
    "azureServicePrincipalClientId": "azure_client_id",
    "azureServicePrincipalTenantId": "azure_tenant_id",
    "azureActiveDirectoryEndpoint": "azure_directory_endpoint",
    "proxy": "proxy",
    "noProxy": "no_proxy",
    "depth": "depth",
    "webhookManifestCacheWarmDisabled": "webhook_manifest_cache_warm_disabled",
}
SECRETS: Mapping[str, str] = {
    "password": "password",
    "bearerToken": "bearer_token",
    "sshPrivateKey": "ssh_private_key",
    "tlsClientCertData": "tls_client_certificate",
    "tlsClientCertKey": "tls_client_key",
    "githubAppPrivateKey": "github_app_private_key",
    "gcpServiceAccountKey": "gcp_service_account_key",
    "azureServicePrincipalClientSecret": "azure_client_secret",
}
FLAGS: Mapping[str, str] = {
    "insecure": "insecure",
    "insecureIgnoreHostKey": "insecure_ignore_host_key",
    "enableLfs": "enable_lfs",
    "enableOCI": "enable_oci",
    "forceHttpBasicAuth": "force_basic_auth",
    "useAzureWorkloadIdentity": "use_azure_workload_identity",
    "insecureOCIForceHttp": "insecure_oci_force_http",
}
KEYS = frozenset((*TEXTS, *SECRETS, *FLAGS, "type"))
TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))


def read_repository(document: Mapping[str, Any]) -> Repository:
    """A repository of a Secret with the label; a flag that cannot be read counts as false."""
    data = data_of(document)
    fields: dict[str, Any] = {name: data[key] for key, name in TEXTS.items() if key in data}
    fields |= {name: Secret(data[key]) for key, name in SECRETS.items() if data.get(key)}
    fields |= {name: data[key] in TRUE for key, name in FLAGS.items() if key in data}
    fields.pop("depth", None)
    fields.pop("webhook_manifest_cache_warm_disabled", None)
    return Repository(**{"url": "", **fields}, type=data.get("type", ""))
