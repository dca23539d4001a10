"""``pullRequest``: the open pull requests of a repository.

Source: Argo CD's documentation, "Pull Request Generator".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.pull_request import PullRequest

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import repository_url, select_pull_requests
from holkas_compat.argocd.applicationset.functions import slug
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.params import add_values
from holkas_compat.argocd.applicationset.substitution import Params
from holkas_compat.gotemplate.values import StringList

PROVIDERS = ("github", "gitlab", "gitea", "bitbucketServer", "bitbucket", "azuredevops")


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set a pull request that the filters and labels let through."""
    provider = next((name for name in PROVIDERS if isinstance(config.get(name), Mapping)), "")
    if not provider:
        raise GenerationError(
            "failed to select pull request service provider: no Pull Request provider implementation configured"
        )
    settings = config[provider]
    wanted = {str(label) for label in settings.get("labels") or ()}
    found = [
        one
        for one in given.world.outside.pull_requests(repository_url(provider, settings))
        if wanted <= set(one.labels)
    ]
    made = [
        params(one, go_template=given.how.go_template)
        for one in select_pull_requests(found, config.get("filters"))
    ]
    for one in made:
        try:
            add_values(config.get("values"), one, given.how)
        except GenerationError as error:
            raise GenerationError(
                f"failed to append templated values: {error}", path=("values",), code=error.code
            ) from error
    return made


def params(one: PullRequest, *, go_template: bool) -> Params:
    """The parameters of a pull request."""
    made: Params = {
        "number": one.id,
        "title": one.title,
        "branch": one.branch,
        "branch_slug": slug(_plain(one.branch)),
        "target_branch": one.base,
        "target_branch_slug": slug(_plain(one.base)),
        "head_sha": one.head,
        "head_short_sha": one.head[:8],
        "head_short_sha_7": one.head[:7],
        "author": one.author.name,
    }
    if go_template:
        made["labels"] = StringList(one.labels)
    return made


_LETTERS = str.maketrans(
    {
        "_": "-",
        "&": "and",
        "@": "at",
        '"': "",
        "'": "",
        "’": "",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
    }
    | {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
    }
)


def _plain(text: str) -> str:
    """Underscores as dashes, letters without their accents."""
    import unicodedata

    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))
