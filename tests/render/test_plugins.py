"""Functions of other distributions, found by real metadata in a folder on the path."""

import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import NotFound
from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render import authoring
from bot.render.catalog import BUILT_IN
from bot.render.config import config_map_of
from bot.render.image import CATALOG, Image
from bot.render.plugins import GROUP, Plugins

README = (Path(__file__).parents[2] / "README.md").read_text()
IMAGE = Image("example.com/fns/set-owner", "v1")
WEB = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A folder of installed distributions, on the path of this process."""
    sys.path.insert(0, str(tmp_path))
    known = set(sys.modules)
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in set(sys.modules) - known:
        del sys.modules[name]


def install(site: Path, name: str, entry: str, source: str, version: str = "1.0") -> None:
    """What pip leaves behind: a module, and a folder that says what is in it."""
    (site / f"{name}.py").write_text(textwrap.dedent(source))
    info = site / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{entry}\n")


def items() -> list[Resource]:
    return [Resource(parse(WEB.encode())[0], "web.yaml")]


def blocks(language: str) -> list[str]:
    """The README's examples of this language in its section about functions of one's own."""
    section = README.partition("### Write a function of your own")[2].partition("\n#")[0]
    parts = section.split("```")
    return [part.removeprefix(f"{language}\n") for part in parts[1::2] if part.startswith(f"{language}\n")]


def test_the_function_of_the_readme_runs(site: Path) -> None:
    (source,), (metadata,) = blocks("python"), blocks("toml")
    table = f'[project.entry-points."{GROUP}"]'
    assert tomllib.loads(metadata)["project"]["name"] == "owners"
    entry = metadata.strip().partition(f"{table}\n")[2]
    install(site, "owners", entry.replace('"', ""), source)
    plugin = Plugins(BUILT_IN).find(IMAGE)
    assert plugin
    assert plugin.distribution == "owners 1.0"
    given = items()
    outcome = plugin.run(given, config_map_of((("owner", "ada"),)))
    assert outcome.exit_code == 0
    assert [(result.message, result.file) for result in outcome.results] == [("the owner is ada", "web.yaml")]
    assert given[0].emit().decode() == WEB + "  annotations:\n    owner: ada\n"
    assert plugin.run(given, config_map_of((("owner", "ada"),))).results == ()
    failed = plugin.run(items(), None)
    assert (failed.exit_code, failed.results[0].severity) == (1, "error")


def test_the_readme_says_all_that_may_be_imported() -> None:
    section = README.partition("### Write a function of your own")[2].partition("\n#")[0]
    assert "bot.render.authoring" in section
    assert all(hasattr(authoring, name) for name in authoring.__all__)


def test_nothing_is_loaded_before_it_is_asked_for(site: Path) -> None:
    install(site, "quiet", f"{IMAGE.repository} = quiet:run", "raise SystemExit('loaded')")
    plugins = Plugins()
    assert plugins.find(Image("example.com/fns/other", "v1")) is None
    assert "quiet" not in sys.modules
    with pytest.raises(NotFound, match="cannot be loaded: SystemExit: loaded"):
        plugins.find(IMAGE)


def test_a_plugin_is_loaded_once_and_answers_to_any_tag(site: Path) -> None:
    install(site, "once", f"{IMAGE.repository} = once:Functions.run", "class Functions:\n    run = len\n")
    plugins = Plugins()
    assert plugins.find(IMAGE) is plugins.find(IMAGE._replace(tag="latest"))
    assert plugins.find(Image(IMAGE.repository, digest="sha256:" + "a" * 64)) is None


@pytest.mark.parametrize(
    "image", [f"{CATALOG}set-labels", "gcr.io/kpt-fn/set-labels", "builtins/gen-pkg-context"]
)
def test_names_that_are_built_in_are_taken(site: Path, image: str) -> None:
    install(site, "thief", f"{image} = thief:run", "def run(items, config): ...")
    assert Plugins(BUILT_IN).find(Image(image, "v9.9.9")) is None


def test_names_of_the_catalog_that_nobody_built_in_are_free(site: Path) -> None:
    install(site, "sops", f"{CATALOG}sops = sops:run", "def run(items, config): ...")
    assert Plugins(BUILT_IN).find(Image(f"{CATALOG}sops", "v0.1"))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("1/0", "cannot be loaded: ZeroDivisionError: division by zero (broken.py, line 1)"),
        ("import no_such_module", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("def (", "cannot be loaded: SyntaxError"),
        ("walk = 1", "cannot be loaded: AttributeError: module 'broken' has no attribute 'run'"),
        ("run = 1", "must be a function, but is 'int'. Mend or uninstall it."),
    ],
)
def test_a_broken_plugin_says_what_is_wrong(site: Path, source: str, why: str) -> None:
    install(site, "broken", f"{IMAGE.repository} = broken:run", source)
    with pytest.raises(NotFound) as raised:
        Plugins().find(IMAGE)
    prefix = "The plug-in for 'example.com/fns/set-owner', `broken:run` of broken 1.0, "
    assert str(raised.value).startswith(prefix)
    assert why in str(raised.value)
    assert "Traceback" not in str(raised.value)


def test_two_plugins_for_one_image_are_refused(site: Path) -> None:
    for name in ("first", "second"):
        install(site, name, f"{IMAGE.repository} = {name}:run", "def run(items, config): ...")
    with pytest.raises(NotFound, match=r"Several plug-ins answer for .*: first 1.0, second 1.0. Uninstall"):
        Plugins().find(IMAGE)


def test_metadata_that_cannot_be_read_is_said(site: Path) -> None:
    install(site, "torn", "no equals sign", "")
    with pytest.raises(NotFound, match="The plug-ins cannot be listed"):
        Plugins().find(IMAGE)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return None", "must return an `Outcome` of resources and results"),
        ("return Outcome([1])", "must return an `Outcome` of resources and results"),
        ("return Outcome(None)", "must return an `Outcome` of resources and results"),
        ("return Outcome(items, None)", "must return an `Outcome` of resources and results"),
        ("return Outcome(items, (), '0')", "must return an `Outcome` of resources and results"),
        ("return Outcome(items, (), 0, b'')", "must return an `Outcome` of resources and results"),
        ("return Outcome(items, ('x',))", "must return an `Outcome` of resources and results"),
        ("raise ValueError('no')", "'example.com/fns/set-owner' broke: ValueError: no (odd.py, line 4)"),
        ("raise SystemExit(3)", "broke: SystemExit: 3 (odd.py, line 4)"),
        ("run(items, config)", "broke: RecursionError"),
        ("raise InvalidDocument('`a` must be a map.', path='web.yaml', line=7)", "`a` must be a map."),
    ],
)
def test_whatever_goes_wrong_in_it_is_a_result(site: Path, body: str, why: str) -> None:
    source = (
        f"from bot.render.authoring import InvalidDocument, Outcome\n\ndef run(items, config):\n    {body}\n"
    )
    install(site, "odd", f"{IMAGE.repository} = odd:run", source)
    plugin = Plugins().find(IMAGE)
    assert plugin
    outcome = plugin.run(items(), None)
    assert outcome.exit_code == 1
    assert why in outcome.results[0].message
    if "`a`" in why:
        assert (outcome.results[0].file, outcome.results[0].line) == ("web.yaml", 7)


def test_a_plugin_cannot_change_the_config_of_the_next_function(site: Path) -> None:
    source = "def run(items, config):\n    config.root.drop('data')\n"
    install(site, "rude", f"{IMAGE.repository} = rude:run", source)
    plugin = Plugins().find(IMAGE)
    assert plugin
    config = config_map_of((("a", "b"),))
    plugin.run([], config)
    assert config.text("data", "a") == "b"
