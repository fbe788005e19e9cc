"""`portico repo`: registrations of repositories."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "register": Entry("repo_register:register", "Register a Git repository.", ("reg",)),
    "get": Entry("repo_get:get", "List registered repositories.", ("ls", "list")),
    "unregister": Entry("repo_register:unregister", "Forget registered repositories.", ("unreg",)),
}
EPILOG = """\b
Examples:
  portico repo register https://git.example.com/team/blueprints.git
  portico repo get
  portico repo unregister blueprints
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def repo() -> None:
    """Register, list and unregister repositories.

    Registrations are Porch's own Repository objects, in one YAML file that you can edit and kubectl apply.
    """
