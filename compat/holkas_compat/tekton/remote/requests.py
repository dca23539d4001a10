"""What a reference asks its resolver for: params in Tekton's spelling become a request.

Source: Tekton's docs/git-resolver.md, http-resolver.md, bundle-resolver.md, hub-resolver.md, cluster-resolver.md, with
the defaults of the ConfigMaps that Tekton ships.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from holkas.extensions.resolver import ResolverRequest
from holkas.gitops.repository_url import sanitized
from holkas.model.catalog import Catalog
from holkas.model.reference import Reference
from holkas.records import dataclass

from holkas_compat.tekton.remote.credentials import registry_login, secret_value
from holkas_compat.tekton.remote.params import ResolverParams
from holkas_compat.tekton.remote.refusal import Refusal

CATALOG = "https://github.com/tektoncd/catalog.git"
_CACHE = ("always", "never", "auto")
_KINDS = ("task", "pipeline", "stepaction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, and whether what is kept may answer it: ``always``, ``never`` or ``auto`` (what never changes)."""

    request: ResolverRequest
    cache: str = "auto"


def asked(ref: Reference, catalog: Catalog) -> Asked:
    """The request of a reference. Raises Refusal for params that its resolver does not take."""
    if ref.name:
        raise Refusal(
            f"a URL as the name beside the resolver {ref.resolver} is not supported", "give it params"
        )
    make = _RESOLVERS.get(ref.resolver)
    if make is not None:
        return make(ref, catalog)
    fields = {
        param.name: param.value if isinstance(param.value, str) else json.dumps(param.value)
        for param in ref.params
    }
    return Asked(request=ResolverRequest(resolver=ref.resolver, fields=fields))


def _git(ref: Reference, catalog: Catalog) -> Asked:
    names = ("url", "repo", "org", "revision", "pathInRepo", "gitToken", "gitTokenKey")
    params = ResolverParams(ref, (*names, "token", "tokenKey", "serverURL", "scmType", "configKey", "cache"))
    if params.get("url") and params.get("repo"):
        raise Refusal("cannot specify both 'url' and 'repo'")
    if params.get("repo"):
        raise Refusal(
            "the git resolver asks no SCM API: repo and org say no address",
            "give url in their place; with token it may be private",
        )
    (path,) = params.required("pathInRepo")
    fields = {
        "url": params.get("url", CATALOG),
        "revision": params.get("revision", "main"),
        "path": path,
    }
    cache = params.one_of("cache", _CACHE, "auto")
    for secret, key in (("gitToken", "gitTokenKey"), ("token", "tokenKey")):
        if params.get(secret):
            token = secret_value(catalog, params.get(secret), params.get(key, "token"))
            request = ResolverRequest(resolver="git", fields=fields, username="git", password=token)
            return Asked(request=request, cache=cache)
    return Asked(request=ResolverRequest(resolver="git", fields=fields), cache=cache)


def _http(ref: Reference, catalog: Catalog) -> Asked:
    user, secret, key = "http-username", "http-password-secret", "http-password-secret-key"
    params = ResolverParams(ref, ("url", "digest", user, secret, key, "cache"))
    (url,) = params.required("url")
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        raise Refusal(f"url {sanitized(url)} is not a valid http(s) url")
    for one, other in ((user, secret), (secret, user)):
        if params.has(one) and not params.has(other):
            raise Refusal(f"missing required param {other} when using {one}")
        if params.has(one) and not params.get(one):
            raise Refusal(f"value {one} cannot be empty")
    fields = {"url": url, "digest": params.get("digest")}
    cache = params.one_of("cache", _CACHE, "auto")
    if not params.has(secret):
        return Asked(request=ResolverRequest(resolver="http", fields=fields), cache=cache)
    password = secret_value(catalog, params.get(secret), params.get(key, "password"))
    request = ResolverRequest(resolver="http", fields=fields, username=params.get(user), password=password)
    return Asked(request=request, cache=cache)


def _bundles(ref: Reference, catalog: Catalog) -> Asked:
    params = ResolverParams(ref, ("bundle", "name", "kind", "secret", "serviceAccount", "cache"))
    bundle, name = params.required("bundle", "name")
    fields = {"bundle": bundle, "name": name, "kind": params.get("kind", "task")}
    cache = params.one_of("cache", _CACHE, "auto")
    host = bundle.partition("/")[0]
    if not any(one in host for one in ".:") and host != "localhost":
        host = "docker.io"
    names = [params.get("secret")] if params.get("secret") else []
    names += catalog.service_accounts.get(params.get("serviceAccount"), ())
    for secret in names:
        login = registry_login(catalog, secret, host)
        if login is not None:
            request = ResolverRequest(resolver="bundles", fields=fields, username=login[0], password=login[1])
            return Asked(request=request, cache=cache)
    return Asked(request=ResolverRequest(resolver="bundles", fields=fields), cache=cache)


def _hub(ref: Reference, catalog: Catalog) -> Asked:
    params = ResolverParams(ref, ("catalog", "type", "kind", "name", "version", "url", "cache"))
    name, version = params.required("name", "version")
    kind = params.one_of("kind", _KINDS, "task")
    hub = params.one_of("type", ("artifact", "tekton"), "artifact")
    default = f"tekton-catalog-{kind}s" if hub == "artifact" else "Tekton"
    url = params.get("url")
    if url and not url.startswith(("https://", "http://")):
        raise Refusal(f"url {sanitized(url)} is not a valid http(s) url")
    fields = {
        "type": hub,
        "catalog": params.get("catalog", default),
        "kind": kind,
        "name": name,
        "version": version,
        "url": url,
    }
    cache = params.one_of("cache", _CACHE, "auto")
    return Asked(request=ResolverRequest(resolver="hub", fields=fields), cache=cache)


def _cluster(ref: Reference, catalog: Catalog) -> Asked:
    params = ResolverParams(ref, ("kind", "name", "namespace", "cache"))
    (name,) = params.required("name")
    kind = params.one_of("kind", _KINDS, "task")
    fields = {"kind": kind, "name": name, "namespace": params.get("namespace", "default")}
    cache = params.one_of("cache", _CACHE, "auto")
    return Asked(request=ResolverRequest(resolver="cluster", fields=fields), cache=cache)


_RESOLVERS: Mapping[str, Callable[[Reference, Catalog], Asked]] = {
    "git": _git,
    "http": _http,
    "bundles": _bundles,
    "hub": _hub,
    "cluster": _cluster,
}
