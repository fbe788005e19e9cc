"""The schemas of Kubernetes, by version: files of the package kubernetes-validate, each read once."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.errors import NotFound
from bot.render.schema import Definitions

# The newest and the oldest that kubernetes-validate has.
NEWEST = "1.37.0"
OLDEST = "1.25.0"
_PACKAGE = "kubernetes_validate"


@cache
def definitions_of(version: str, *, strict: bool) -> Definitions:
    """All schemas of a version such as '1.37.0'; where `strict`, they allow no properties but their own.

    Raises NotFound where the files are not installed.
    """
    folder = f"v{version}-local{'-strict' if strict else ''}"
    # Found, not imported: what the package does with its schemas is slow, and worded otherwise than here.
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        file = Path(place, "kubernetes-json-schema", folder, "_definitions.json")
        if file.is_file():
            return Definitions(json.loads(file.read_bytes())["$defs"])
    raise NotFound(
        f"The schemas of Kubernetes {version} are not installed; install Portico with all that it needs, "
        "'kubernetes-validate' among it."
    )
