"""The command `portico`: its groups, its options, and how it ends."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

import click

from bot import __version__
from bot.cli.ending import ended
from bot.cli.lazy_group import Entry, LazyGroup

EPILOG = """\b
Examples:
  portico repo register https://git.example.com/team/packages.git
  portico rpkg get --lifecycle Proposed
  portico rpkg approve packages.networking.dns.add-mx
"""

GROUPS = {
    "repo": Entry("repo:repo", "Register, list and unregister repositories.", ("repository",)),
    "rpkg": Entry("rpkg:rpkg", "List and change package revisions.", ("packagerevision",)),
    "pkg": Entry("pkg:pkg", "Make and look at packages in folders, as kpt does."),
    "fn": Entry("fn:fn", "Run functions over packages in folders, as kpt does.", ("functions",)),
    "explain": Entry("explain:explain", "Say what a package revision waits for, and who can give it."),
    "hook": Entry("hook:hook", "Make a plain Git server understand packages."),
    "serve": Entry("serve:serve", "Hear a forge's webhooks, and keep its changes in step."),
    "reconcile": Entry("reconcile:reconcile", "Do what hooks would have done, from what is there."),
    "forge": Entry("forge:forge", "Say what is missing on GitHub or GitLab, and how to set it."),
    "action": Entry("action:action", "Do one round as a step of a GitHub workflow."),
    "kubernetes": Entry("kubernetes:kubernetes", "Show package revisions in a cluster, and take orders."),
    "sync": Entry("sync:sync", "Let a cluster's GitOps engine take packages at published revisions."),
    "demo": Entry("demo:demo", "Play the whole story on this machine, with real Git commands."),
    "completion": Entry("completion:completion", "Print the completion script of a shell."),
}


@click.group(
    cls=LazyGroup,
    entries=GROUPS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="portico", message="%(prog)s %(version)s")
def portico() -> None:
    """Package orchestration by pull request for Kubernetes configuration packages in Git."""


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code: 0, 1 (the person's), 3 (ours) or 130 (interrupted)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A name that the terminal cannot show must not stop the rest.
            stream.reconfigure(errors="backslashreplace")
    return ended(lambda: portico.main(arguments, prog_name="portico", standalone_mode=False))
