"""`portico fn`: functions, as `kpt fn` runs them."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "render": Entry("fn_render:render", "Run the pipelines of a package in a folder."),
    "eval": Entry("fn_eval:evaluation", "Run one function over a folder."),
    "source": Entry("fn_source:source", "Print a folder as a ResourceList."),
    "sink": Entry("fn_sink:sink", "Write a ResourceList into a new folder."),
    "list": Entry("fn_list:functions", "List the functions that need no container."),
}
EPILOG = """\b
Examples:
  portico fn render my-package
  portico fn render my-package -o unwrap | kubectl apply -f -
  portico fn eval my-package --image set-labels:v0.2 -- tier=backend
  portico fn source my-package | portico fn eval - --image set-namespace -- namespace=staging
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def fn() -> None:
    """Run functions over packages in folders, with kpt's options, messages and exit codes.

    A script that calls `kpt fn` works when the word `kpt` is replaced.
    """
