"""Counts what `make conformance` prints: how many cases of others pass, by family and by table."""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.containers.conftest import engine

__all__ = ["engine"]  # a fixture of other tests, used by name
_DEVIATIONS = Path(__file__).with_name("deviations.yaml")
Say = Callable[[str], None]
_PACKAGES = "test_packages.py::test_package["


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--counts", action="store_true", help="Print the counts of the cases of others.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The counts; without xdist, whose workers do not hand these on."""
    if not config.getoption("--counts"):
        return
    reports = [
        report
        for kind in ("passed", "failed", "skipped")
        for report in terminalreporter.stats.get(kind, [])
        if getattr(report, "when", "") == "call" or kind == "skipped"
    ]
    say = terminalreporter.write_line
    _packages([report for report in reports if _PACKAGES in report.nodeid], say=say)
    _tables([report for report in reports if _PACKAGES not in report.nodeid], say=say)
    say("")
    deviations = yaml.safe_load(_DEVIATIONS.read_bytes())
    for entry in deviations["packages"]:
        _tell(f"{entry['case']} (equal: {entry['equal']})", entry, say=say)
    for entry in deviations["behaviour"]:
        _tell(entry["what"], entry, say=say)


def _tell(what: str, entry: dict[str, str], *, say: Say) -> None:
    say(what)
    say(f"    kpt: {entry['kpt']}")
    say(f"    why: {entry['why']}")


def _packages(reports: list[pytest.TestReport], *, say: Say) -> None:
    families: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        family = report.nodeid.partition("[")[2].partition("/")[0]
        found = dict(report.user_properties)
        families[family]["cases"] += 1
        families[family][str(found.get("files", "failed"))] += 1
        families[family][str(found.get("said", "failed"))] += 1
    say(f"\n{'packages':27}{'cases':>6}{'files in meaning':>18}{'byte for byte':>15}{'all as asked':>14}")
    total: Counter[str] = Counter()
    for family, counts in sorted(families.items()):
        say(_row(family, counts))
        total += counts
    say(_row("all", total))


def _row(name: str, counts: Counter[str]) -> str:
    exact = counts["byte for byte"]
    asked = counts["as asked"]
    return f"{name:27}{counts['cases']:6}{exact + counts['in meaning']:18}{exact:15}{asked:14}"


def _tables(reports: list[pytest.TestReport], *, say: Say) -> None:
    tables: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        tables[report.nodeid.partition("[")[0].rpartition("/")[2]][report.outcome] += 1
    say(f"\n{'tables':72}{'rows':>7}{'passed':>8}{'left out':>10}")
    for name, counts in sorted(tables.items()):
        say(f"{name:72}{counts.total():7}{counts['passed']:8}{counts['skipped']:10}")
