"""What `pkg get --for-deployment` does to a package, told as kpt tells it."""

import click

from bot.cli.fn_faults import tell
from bot.cli.fn_log import Log
from bot.packages.naming import quoted
from bot.packages.package import File, Files
from bot.render.deployment import customize


def customized(files: Files, name: str) -> Files | None:
    """The files of a package that is to be deployed as `name`; None when that failed, which was told."""
    click.echo("\nCustomizing package for deployment.", err=True)
    rendering, failure = customize(files, Log())
    if rendering.failed:
        tell(failure, rendering.problems, name)
        click.echo(
            f"Nothing was written; without `--for-deployment`, {quoted(name)} can be got as it is.", err=True
        )
        return None
    left = {path: file for path, file in files.items() if rendering.changes.get(path, b"") is not None}
    changed = {path: data for path, data in rendering.changes.items() if data is not None}
    return left | {
        path: files[path]._replace(content=data) if path in files else File(data)
        for path, data in changed.items()
    }
