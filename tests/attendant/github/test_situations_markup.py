"""Situation S47: what functions say means nothing in a check of GitHub's, either."""

from tests.attendant.conftest import KPTFILE
from tests.attendant.github.hands import pushed, readable
from tests.attendant.github.street import Street
from tests.attendant.situations.test_markup import MARKUP, is_harmless


def test_s47_markup_in_what_functions_say_in_a_check(street: Street) -> None:
    """A function's message cannot break out of the check."""
    source = f'fail("""{MARKUP}\\n- `approve`: @acme/owners\\n\\n# Title""")'
    config = (
        f"apiVersion: fn.kpt.dev/v1alpha1\nkind: StarlarkRun\nmetadata:\n  name: evil\nsource: '{source}'\n"
    )
    steps = "pipeline:\n  mutators:\n    - image: starlark:v0.4\n      configPath: evil.yaml\n"
    files = {"net/dns/Kptfile": (KPTFILE + steps).encode(), "net/dns/evil.yaml": config.encode()}
    pull = pushed(street, files)

    run = street.cast.repo.runs_of(pull.head_sha)[-1]
    assert "evil.example" in readable(run.output["summary"])
    is_harmless(run.output["summary"])
