"""The codes of generating applications."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

GENERATOR = "A901"
TEMPLATE = "A902"
DUPLICATE = "A903"
OUT_OF_REACH = "A904"
UNRECOGNIZED = "A905"
NO_NAME = "A906"
TOO_MANY = "A907"

APPLICATION_SET_CODES: Mapping[str, CodeDoc] = {
    GENERATOR: CodeDoc(
        "a generator gives no parameters",
        "What the generator refers to is not there or is not what it must be. Argo CD generates nothing at all while "
        "one generator fails, and neither does holkas.",
    ),
    TEMPLATE: CodeDoc(
        "the template cannot be rendered",
        "A text of `template` or `templatePatch` is no template, or asks for what the parameters do not have. The "
        "message is Go's, with line and column in that text.",
    ),
    DUPLICATE: CodeDoc(
        "two applications have the same name",
        "The parameters of one generator, or of two, make the same `metadata.name`. Use more of the parameters in it.",
    ),
    OUT_OF_REACH: CodeDoc(
        "the generator needs something that is not here",
        "A repository, a forge or a plugin's server. Name a directory for a repository with `--repo URL=DIR`, install a "
        "version control plugin that can list pull requests or repositories, or permit plugins with `--allow-network`.",
    ),
    UNRECOGNIZED: CodeDoc(
        "the entry is no generator",
        "Every entry of `generators` has one of `list`, `clusters`, `git`, `matrix`, `merge`, `scmProvider`, "
        "`pullRequest`, `clusterDecisionResource`, `plugin` and `oci`.",
    ),
    NO_NAME: CodeDoc(
        "an application has no name",
        "`template.metadata.name` is missing, or is empty for some of the parameters.",
    ),
    TOO_MANY: CodeDoc(
        "more applications than anybody means",
        "A matrix multiplies: the set was stopped before it could fill the memory.",
    ),
}
"""Code → explanation."""
