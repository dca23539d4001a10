"""What hvac raises, as errors of the role. The server's sentences are told, requests and answers are not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError

_MAX = 200


@contextmanager
def told(what: str) -> Iterator[None]:
    """``what``: a beginning of a sentence (``cannot read secret 'x'``)."""
    import hvac.exceptions as vault
    import requests.exceptions as http

    try:
        yield
    except vault.InvalidPath:
        raise NotFound(f"{what}: there is nothing") from None
    except (vault.Forbidden, vault.Unauthorized) as error:
        raise AccessDenied(
            f"{what}: {_said(error)}",
            hint="the token's policies have to allow it, on this path and namespace",
        ) from None
    except (vault.VaultDown, vault.VaultNotInitialized) as error:
        raise Retryable(f"{what}: the server is sealed or on standby: {_said(error)}", after=5.0) from None
    except (vault.RateLimitExceeded, vault.InternalServerError, vault.BadGateway) as error:
        raise Retryable(f"{what}: {_said(error)}") from None
    except vault.VaultError as error:
        raise ToolError(f"{what}: {_said(error)}") from None
    except http.SSLError:
        raise ToolError(
            f"{what}: the server's certificate is not trusted",
            hint="set ca-file to the certificate of its authority",
        ) from None
    except (http.ConnectionError, http.Timeout) as error:
        raise Retryable(f"{what}: the server cannot be reached ({type(error).__name__})") from None
    except (http.RequestException, ValueError) as error:
        raise ToolError(
            f"{what}: the server does not answer as Vault does ({type(error).__name__})"
        ) from None


def _said(error: Exception) -> str:
    """The server's own sentences in one line."""
    said = getattr(error, "errors", None)
    text = "; ".join(str(one) for one in said) if isinstance(said, list) else ""
    return " ".join(text.split())[:_MAX] or type(error).__name__
