"""A forge for each situation: GitHub in small, and GitLab in small."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attendant.contract.github_driver import GitHubDriver
from tests.attendant.contract.gitlab_driver import GitLabDriver
from tests.attendant.contract.hosted import Hosted


@pytest.fixture(params=[GitHubDriver, GitLabDriver], ids=["github", "gitlab"])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosted]:
    with request.param.opened(tmp_path) as driver:
        yield driver
