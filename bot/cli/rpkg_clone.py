"""`portico rpkg clone`: a new package that follows another one, as a draft."""

import click

from bot.cli.clone_source import read_clone_source
from bot.cli.desk import open_desk
from bot.cli.merging import first_strategy_option
from bot.cli.names import complete_names, complete_repositories
from bot.cli.namespace import namespace_option
from bot.cli.new_draft import new_package
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream
from bot.packages.naming import RevisionName, check_name
from bot.packages.operations.clone import clone as cloned
from bot.packages.privacy import check_private
from bot.packages.provenance import Strategy

CLONE = """\b
Examples:
  portico rpkg clone blueprints.networking.dns.v1 sites/edge/dns --repository clusters
  portico rpkg clone networking/dns@v2 sites/edge/dns --repository clusters
  portico rpkg clone https://github.com/team/blueprints.git/dns@v1 dns --repository clusters
"""


@click.command(epilog=CLONE)
@click.argument("source", shell_complete=complete_names)
@click.argument("package", metavar="NEW")
@click.option("--repository", required=True, metavar="NAME", shell_complete=complete_repositories)
@click.option("--workspace", default="v1", show_default=True, help="Name of this line of work.")
@first_strategy_option("How it will be upgraded.")
@click.option("--directory", default="", metavar="DIR", help="Directory of the package in its repository.")
@click.option("--ref", default="", metavar="REF", help="Branch, tag or commit of its repository.")
@namespace_option()
def clone(  # noqa: PLR0913 one parameter per option
    *,
    source: str,
    package: str,
    repository: str,
    workspace: str,
    strategy: str,
    directory: str,
    ref: str,
    namespace: str,
) -> None:
    """Begin a new package at the path NEW, which follows the package SOURCE, as a draft.

    SOURCE is the name of a package revision, or REPO[/DIR][@REF] of any Git repository. Where the repository
    has a default upstream (`repo register --upstream`), the path of a package there is enough, with
    '@v<N>' for a revision that is not the newest published one.
    """
    # Before anything is asked of anybody.
    check_name(RevisionName(package, workspace))
    desk = open_desk(namespace)
    target = desk.shelf(repository)
    draft = new_package(target, package, workspace, word="clone")
    origin = read_clone_source(desk, target, source, directory=directory, ref=ref)
    known = desk.registrations()

    def fetch(wanted: Upstream) -> Fetched:
        # A person may name what they like; what packages name is others' wish.
        if wanted != origin.upstream:
            check_private(wanted.repo, target.registration, known)
        return origin.fetch(wanted)

    content = cloned(
        package,
        origin.upstream,
        fetch,
        source=origin.name,
        strategy=Strategy(strategy),
        deployment=target.registration.deployment,
    )
    draft.begin(target.client.write(content.files), content.story)
