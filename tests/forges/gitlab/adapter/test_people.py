"""What GitLab says of people and of its own rules; programs are no people."""

import pytest

from bot.errors import NotFound
from bot.forges.gitlab.credentials import Token
from bot.forges.gitlab.forge import GitLab
from bot.lifecycle.change import Rights
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import Line, Said
from tests.forges.gitlab.adapter.shapes import ME, PROJECT, project, user

USERS, GRACE = "GET /users", Person("grace")


def knows(line: Line, level: int | None, **more: object) -> None:
    line.on(USERS, [user("grace", 5)])
    line.on("GET /users/5", user("grace", 5, bot=False, **more))
    member = Said(404) if level is None else user("grace", 5, access_level=level)
    line.on(f"GET {PROJECT}/members/all/5", member)


@pytest.mark.parametrize(
    ("level", "rights"),
    [
        (50, Rights.ADMIN), (40, Rights.ADMIN), (30, Rights.WRITE), (20, Rights.READ), (10, Rights.READ),
        (5, Rights.NONE), (0, Rights.NONE), (None, Rights.NONE),
    ],
)  # fmt: skip
def test_rights_are_those_of_a_member(line: Line, forge: GitLab, level: int | None, rights: Rights) -> None:
    knows(line, level)
    assert forge.rights(GRACE) is rights
    asked = len(line.asked)
    assert forge.rights(Person("Grace")) is rights
    assert len(line.asked) == asked == 3


def test_programs_are_no_people(line: Line, forge: GitLab) -> None:
    knows(line, 40)
    for login in ("project_1_bot", "project_1_bot2", "group_7_bot_0a1b", "", "a/b", "a?x=1"):
        assert forge.rights(Person(login)) is Rights.NONE
    assert not line.asked
    line.on("GET /users/5", user("grace", 5, bot=True))
    assert forge.rights(GRACE) is Rights.NONE


def test_who_is_blocked_or_unknown_has_no_rights(line: Line, forge: GitLab) -> None:
    knows(line, 40)
    line.on(USERS, [user("grace", 5) | {"state": "blocked"}], [], [user("gracey", 6)])
    for login in ("grace", "nobody", "other"):
        assert forge.rights(Person(login)) is Rights.NONE


def test_members_of_a_group(line: Line, forge: GitLab) -> None:
    found = [user("grace"), user("group_7_bot_0a1b"), user("linus") | {"state": "awaiting"}]
    line.on("GET /groups/acme/infra/dns/members", found)
    assert forge.members("@acme/infra/dns") == ["grace"]
    for team in ("acme/none", "a//b", "", "a/b?x"):
        with pytest.raises(NotFound, match="group"):
            forge.members(team)


def test_the_project_and_its_rules(line: Line, forge: GitLab) -> None:
    line.on(
        f"GET {PROJECT}",
        Said(
            200,
            project(
                only_allow_merge_if_pipeline_succeeds=True,
                only_allow_merge_if_all_discussions_are_resolved=True,
                merge_method="ff",
            ),
        ),
    )
    levels = [{"access_level": 40, "access_level_description": "Maintainers"}]
    line.on(
        f"GET {PROJECT}/protected_branches",
        [
            {
                "name": "ma*",
                "merge_access_levels": levels,
                "push_access_levels": [],
                "code_owner_approval_required": True,
            },
            {"name": "other", "merge_access_levels": levels},
        ],
    )
    line.on(f"GET {PROJECT}/protected_tags", [{"name": "*/v*", "create_access_levels": levels}])
    line.on(
        f"GET {PROJECT}/approval_rules",
        [{"name": "Owners", "approvals_required": 2, "users": [user("grace")], "protected_branches": []}],
    )
    line.on(
        "GET /personal_access_tokens/self",
        Said(200, {"expires_at": "2026-03-10"}, {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}),
    )
    home = forge.home()
    assert (home.full_name, home.default_branch, home.me) == ("acme/infra/packages", "main", ME)
    assert home.url == f"{line.address.removesuffix('/api/v4')}/acme/infra/packages.git"
    assert (home.archived, home.queued, home.has_drafts, home.taken) == (
        False,
        False,
        True,
        ("approve", "clone", "rebase"),
    )
    lifted = "; maintainers may change that in the settings of merge requests."
    assert [rule.text for rule in home.rules] == [
        f"The branch 'main' demands that pipelines went well{lifted}",
        f"The branch 'main' demands that every thread is resolved{lifted}",
        f"The branch 'main' takes fast-forwards only, so that drafts must be rebased{lifted}",
        "The branch 'main' is merged into by 'Maintainers' only.",
        "The branch 'main' is pushed to by nobody only.",
        "The branch 'main' demands an approval by the code owners.",
        "The rule 'Owners' demands 2 approvals by @grace.",
        "A tag like '*/v*' is created by 'Maintainers' only.",
        "Portico's token ends on 2026-03-10: give it a new one before that day.",
    ]
    asked = len(line.asked)
    assert forge.home() == home
    assert len(line.asked) == asked


def test_what_is_not_shown_is_left_out(line: Line, forge: GitLab) -> None:
    line.on("GET /personal_access_tokens/self", Said(200, {"expires_at": None}))
    assert forge.home().rules == ()
    gone = GitLab("acme/gone", Token("secret-token"), url=line.address.removesuffix("/api/v4"))
    with pytest.raises(NotFound, match="no such project"):
        gone.home()
