"""`portico action` as a job of a GitLab pipeline: by its environment alone."""

from pathlib import Path

import pytest
import yaml

from bot.action.event import Where
from bot.action.job import Job, is_job, perform, read_job
from bot.errors import AccessDenied, UserError
from bot.packages.layout import Layout
from tests.attendant.gitlab.street import BRANCH, Street
from tests.forges.gitlab.cast import PATH
from tests.house.sources import ROOT

ENVIRON = {
    "GITLAB_CI": "true",
    "CI_PROJECT_PATH": PATH,
    "CI_SERVER_URL": "https://gitlab.example.com/",
    "PORTICO_TOKEN": "token",
}


def read(more: dict[str, str], place: Path = Path()) -> Job:
    return read_job({**ENVIRON, **more}, branch="main", directory="", place=place)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"CI_MERGE_REQUEST_IID": "7"}, Where(7)),
        ({"CI_COMMIT_BRANCH": BRANCH}, Where(branch=BRANCH)),
        ({"CI_COMMIT_BRANCH": "main"}, Where()),
        ({"CI_MERGE_REQUEST_IID": "x"}, Where()),
    ],
)
def test_where_a_job_looks(more: dict[str, str], where: Where) -> None:
    assert read(more) == Job(PATH, "token", "https://gitlab.example.com", where, Layout("main"), Path())
    assert is_job(ENVIRON)
    assert not is_job({})


@pytest.mark.parametrize("name", ["CI_PROJECT_PATH", "CI_SERVER_URL", "PORTICO_TOKEN"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(UserError, match=f"^{name} is not set; .* job of a GitLab pipeline"):
        read({name: ""})


def test_a_scheduled_pipeline_does_a_round(street: Street, capsys: pytest.CaptureFixture[str]) -> None:
    street.write("ada", "60")
    here = {"CI_SERVER_URL": street.cast.lab.url, "PORTICO_TOKEN": street.cast.bot_token}
    assert perform(read(here, street.place)) == 0
    assert street.request.is_draft
    assert perform(read({**here, "CI_MERGE_REQUEST_IID": "1"}, street.place)) == 0
    assert "net/dns/ttl is Draft" in capsys.readouterr().out


def test_a_round_says_what_it_moved(street: Street, capsys: pytest.CaptureFixture[str]) -> None:
    here = {"CI_SERVER_URL": street.cast.lab.url, "PORTICO_TOKEN": street.cast.bot_token}
    assert perform(read(here, street.place)) == 0
    assert capsys.readouterr().out == "No branch and no tag has moved.\n"
    street.write("ada", "60")
    assert perform(read(here, street.place)) == 0
    street.ready("ada")
    street.approve("grace")
    capsys.readouterr()
    assert perform(read(here, street.place)) == 0
    assert "refs/heads/main: changed\nrefs/tags/net/dns/v1: new\n" in capsys.readouterr().out


def test_a_token_that_gitlab_does_not_accept(street: Street) -> None:
    """GitLab says so, and not Git, which would ask for a password."""
    here = {"CI_SERVER_URL": street.cast.lab.url, "PORTICO_TOKEN": "none"}
    with pytest.raises(AccessDenied, match=r"GitLab does not accept portico's token: .* give a new one"):
        perform(read(here, street.place))


def test_the_component_gives_what_the_command_takes() -> None:
    inputs, jobs = yaml.safe_load_all((ROOT / "templates" / "portico.yml").read_text())
    job = jobs["portico"]
    # Portico is on no index, where anybody may take its name and with it every project's token.
    assert "default" not in inputs["spec"]["inputs"]["package"]
    used = {value for value in job["variables"].values() if "inputs." in value}
    assert used <= {f"$[[ inputs.{name} ]]" for name in inputs["spec"]["inputs"]}
    assert job["script"][-1] == 'portico action --branch "$PORTICO_BRANCH" --directory "$PORTICO_DIRECTORY"'
    assert job["variables"]["GIT_STRATEGY"] == "none"
