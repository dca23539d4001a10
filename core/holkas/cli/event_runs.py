"""From what a trigger renders to requests for the build server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from holkas.model.finding import Severity
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.extensions.importer import Importer, Loaded, RunWish
    from holkas.extensions.trigger import EventReceiver, Rendered
    from holkas.model.catalog import Catalog
    from holkas.model.run_request import RunOptions, RunRequest
    from holkas.model.secret import Secret
    from holkas.yaml import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRuns:
    """Makes requests of rendered triggers.

    files: names of the files, for messages. text: their manifests without secrets. command: the words that were typed.
    secrets: given beside the files; runs may use them, and what they print is masked.
    level, directory, workspaces: as the command was given them, so that a run can be asked for again.
    opaque: there are secrets, which are not kept, so that it cannot.
    """

    importer: Importer
    receiver: EventReceiver
    wish: RunWish
    options: RunOptions
    files: str
    text: str
    command: tuple[str, ...] = ()
    secrets: Mapping[tuple[str, str], Secret] = field(default_factory=dict)
    level: str = "alpha"
    directory: str = ""
    workspaces: tuple[str, ...] = ()
    opaque: bool = False

    def load(self, rendered: Rendered) -> Loaded:
        """The runs of a trigger with what they may refer to; findings of severity ERROR mean that it is refused."""
        from holkas.extensions.importer import Loaded

        if not rendered.runs:
            return Loaded()
        return self.importer.load([*self.receiver.companions, *rendered.documents], self.wish)

    def requests(self, rendered: Rendered, loaded: Loaded) -> list[RunRequest]:
        """One request for each run."""
        from holkas.model.run_request import RunRequest
        from holkas.state.manifest_secrets import without_secrets

        own = [without_secrets(source) for source in rendered_sources(rendered)]
        catalog = self._catalog(loaded.catalog)
        return [
            RunRequest(
                run=run,
                catalog=catalog,
                options=self.options,
                source=self.files,
                text="\n---\n".join([*own, self.text]),
                command=self.command,
                origin=self._origin(index, len(loaded.runs)),
            )
            for index, run in enumerate(loaded.runs)
        ]

    def _origin(self, index: int, runs: int) -> dict[str, Any]:
        """Asked for again, a run is read from the manifest that is kept: its event is gone."""
        from holkas.cli.run_again import kept_origin

        return kept_origin(
            index,
            runs,
            level=self.level,
            directory=self.directory,
            workspaces=self.workspaces,
            secrets=self.opaque,
        )

    def _catalog(self, catalog: Catalog) -> Catalog:
        """The catalog with the given secrets in it."""
        from holkas.model.catalog import SecretData

        secrets = dict(catalog.secrets)
        for (name, key), value in self.secrets.items():
            known = secrets.get(name) or SecretData(name=name)
            secrets[name] = replace(known, data={**known.data, key: value})
        return replace(catalog, secrets=secrets)


def rendered_sources(rendered: Rendered) -> list[Source]:
    """The texts behind the documents, each once."""
    return list({id(document.source): document.source for document in rendered.documents}.values())


def errors(loaded: Loaded) -> Sequence[str]:
    """What is wrong with rendered manifests, a line each, without excerpts of what the event put into them."""
    return [
        f"{finding.code}: {finding.message}"
        for finding in loaded.findings
        if finding.severity is Severity.ERROR
    ]
