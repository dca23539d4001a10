"""``holkas artifacts``: what only a directory of artifacts needs."""

from __future__ import annotations

import click
from holkas.extensions.command import application


@click.group(name="artifacts", short_help="Take care of the directory of artifacts.")
def command() -> None:
    """Take care of the directory of artifacts."""


@command.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.pass_context
def gc(ctx: click.Context, dry_run: bool) -> int:
    """Remove content that no version names any more, and what a killed process left.

    Versions themselves stay: whoever removes one frees its content for the next gc.
    """
    from .repository import DirectoryRepository

    repository = application(ctx).manager.make("artifact_repositories", "directory")
    assert isinstance(repository, DirectoryRepository)
    with repository:
        found = repository.collect(dry_run=dry_run)
    verb = "would be removed" if dry_run else "removed"
    click.echo(f"{found.files} files, {found.size} bytes {verb}")
    return 0
