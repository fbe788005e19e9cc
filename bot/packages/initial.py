"""A new package, as `kpt pkg init` makes one (facts: kpt §3.1)."""

from collections.abc import Sequence
from html import escape

from bot.packages.documents import dump
from bot.packages.kptfile import API_VERSION
from bot.packages.package import KPTFILE, File, Files
from bot.packages.package_context import FILE as CONTEXT_FILE
from bot.packages.package_context import context
from bot.packages.resource import LOCAL_CONFIG

DEFAULT_DESCRIPTION = "sample description"
_README = """# {name}

## Description
{description}

## Usage

### Fetch the package
`kpt pkg get REPO_URI[.git]/PKG_PATH[@VERSION] {name}`
Details: https://kpt.dev/reference/cli/pkg/get/

### View package content
`kpt pkg tree {name}`
Details: https://kpt.dev/reference/cli/pkg/tree/

### Apply the package
```
kpt live init {name}
kpt live apply {name} --reconcile-timeout=2m --output=table
```
Details: https://kpt.dev/reference/cli/live/
"""


def initial_files(
    name: str, *, description: str = DEFAULT_DESCRIPTION, keywords: Sequence[str] = (), site: str = ""
) -> Files:
    """Files of an empty package; `name` is the last segment of its path."""
    info = {"site": site, "description": description, "keywords": list(keywords)}
    kptfile = {
        "apiVersion": API_VERSION,
        "kind": "Kptfile",
        "metadata": {"name": name, "annotations": {LOCAL_CONFIG: "true"}},
        "info": {key: value for key, value in info.items() if value},
    }
    # kpt's template escapes HTML and then writes every apostrophe as a backtick.
    shown = escape(description, quote=False).replace('"', "&#34;").replace("'", "`")
    return {
        KPTFILE: File(dump(kptfile)),
        "README.md": File(_README.format(name=name, description=shown).encode()),
        CONTEXT_FILE: File(dump(context("example"))),
    }
