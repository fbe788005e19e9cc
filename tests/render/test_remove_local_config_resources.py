"""remove-local-config-resources: what goes, and what stays."""

from bot.packages.package import File
from bot.render.pipeline import Pipeline

KPTFILE = b"""apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: p
  annotations:
    config.kubernetes.io/local-config: "true"
pipeline:
  mutators:
    - image: ghcr.io/kptdev/krm-functions-catalog/remove-local-config-resources:v0.1
"""
RESOURCE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"
LOCAL = "  annotations:\n    config.kubernetes.io/local-config: {}\n"


def test_local_configs_go_and_the_kptfile_stays() -> None:
    mixed = RESOURCE.format("a") + "---\n" + RESOURCE.format("b") + LOCAL.format("'true'")
    kept = RESOURCE.format("d") + LOCAL.format("'false'")
    gone = RESOURCE.format("c") + LOCAL.format('"true"')
    files = {"m.yaml": mixed.encode(), "k.yaml": kept.encode(), "g.yaml": gone.encode(), "Kptfile": KPTFILE}
    rendering = Pipeline().render({path: File(data) for path, data in files.items()})
    assert rendering.changes == {"g.yaml": None, "m.yaml": RESOURCE.format("a").encode()}
    assert [(result.message, result.file, result.line) for result in rendering.steps[0].results] == [
        ("Number of resources pruned: 2", "", 0),
        ("Resource name: [c]", "g.yaml", 1),
        ("Resource name: [b]", "m.yaml", 6),
    ]


def test_none_is_a_warning() -> None:
    (result,) = Pipeline().render({"Kptfile": File(KPTFILE)}).steps[0].results
    assert result.severity == "warning"
    assert result.message == "Found no resources to prune with the local config annotation"
