"""gen-pkg-context: write the package's name where other functions can read it, into package-context.yaml."""

import posixpath

from bot.packages.documents import from_plain, plain
from bot.packages.documents.node import Kind, Node
from bot.packages.package import KPTFILE
from bot.packages.package_context import CONTEXT, FILE, context
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.function import Outcome

# The one name that kpt itself answers to; it is in no registry.
NAME = "builtins/gen-pkg-context"


def gen_pkg_context(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`: contexts that are there go, the topmost package gets one.

    A ConfigMap's `package-path` is written into it too.
    """
    left = [item for item in items if item.kind != "ConfigMap" or item.name != CONTEXT]
    kptfiles = [item for item in left if posixpath.basename(item.path) == KPTFILE and item.kind == KPTFILE]
    if not kptfiles:
        return Outcome(left)
    kptfile = min(kptfiles, key=lambda item: len(item.package))
    path = posixpath.join(kptfile.package, FILE)
    value = context(kptfile.name, config.root.text("data", "package-path") if config is not None else "")
    old = next((item for item in items if item.path == path and item not in left), None)
    if old is None or plain(old.document) != value:
        last = max((item.index for item in left if item.path == path), default=-1)
        index = last + 1 if old is None else old.index
        old = Resource(Node(Kind.DOCUMENT, content=[from_plain(value)]), path, index, kptfile.package)
    return Outcome([*left, old], (Result("generated package context", "info", path),))
