"""What a repository demands, read from its file: every mistake at once, and only ever narrowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lifecycle.policy import DEFAULT, EVERYBODY, NARROWS_NOTHING, Policy, read_policy, read_server_policy
from bot.packages.documents import parse
from bot.packages.problem import Problem


def test_no_file_and_an_empty_one_are_the_defaults() -> None:
    for data in (None, b"", b"# nothing yet\n", b"{}\n"):
        assert read_policy(data) == DEFAULT
    assert (DEFAULT.approvals, DEFAULT.self_approval, DEFAULT.direct_pushes) == (1, False, ())
    assert DEFAULT.approvers_of("net/dns") is None


def test_a_whole_policy() -> None:
    policy = read_policy(
        b"\xef\xbb\xbfapprovals: 2\r\n"
        b"approvers:\r\n  '**': [root]\r\n  net/**: [ada, '@grace']\r\n  /net/dns/: [linus@example.com]\r\n"
        b"selfApproval: True\r\ndirectPushes: [ada]\r\n"
    )
    assert policy == Policy(
        approvals=2,
        approvers=(("**", ("root",)), ("net/**", ("ada", "@grace")), ("net/dns", ("linus@example.com",))),
        self_approval=True,
        direct_pushes=("ada",),
    )


@pytest.mark.parametrize(
    ("path", "people"),
    [
        ("net", ("net",)),
        ("net/dns", ("net",)),
        ("net/dns/deep", ("net",)),
        ("network", ("all",)),
        ("apps/web", ("one",)),
        ("apps/web/deep", ("all",)),
        ("apps", ("all",)),
        ("x1", ("letter",)),
        ("x12", ("all",)),
        ("any/where/last", ("last",)),
        ("last", ("last",)),
    ],
)
def test_the_last_pattern_that_matches_decides(path: str, people: tuple[str, ...]) -> None:
    patterns = "'**': [all]\n  net/**: [net]\n  apps/*: [one]\n  x?: [letter]\n  '**/last': [last]\n"
    assert read_policy(f"approvers:\n  {patterns}".encode()).approvers_of(path) == people


def test_a_list_of_approvers_is_for_every_package_and_an_empty_one_is_nobody() -> None:
    assert read_policy(b"approvers: [ada, grace]\n").approvers_of("any/where") == ("ada", "grace")
    assert read_policy(b"approvers: []\n").approvers_of("any/where") == ()


def test_every_mistake_is_told_with_its_line() -> None:
    policy = read_policy(
        b"approvals: 0\napprover: [ada]\nselfApproval: 'yes'\n\ndirectPushes: 3\n"
        b"approvers:\n  net/**: ada\n  '/': [ada]\n"
    )
    assert [(problem.line, problem.message.split(";")[0]) for problem in policy.problems] == [
        (1, "`approvals` must be a whole number from 1 to 20."),
        (2, "Unknown key 'approver'"),
        (3, "`selfApproval` must be true or false."),
        (5, "`directPushes` must be true, false, or a list of logins or e-mail addresses."),
        (7, "`approvers` must be a list of logins or e-mail addresses."),
        (8, "`approvers` must be a mapping whose keys are path patterns such as 'networking/**'."),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"approvals: 21",
        b"approvals: -1",
        b"approvals: 1.5",
        b"approvals: '2'",
        b"approvals: [1]",
        b"approvals:",
        b"selfApproval: 1",
        b"directPushes: ada",
        b"directPushes: [[ada]]",
        b"directPushes: ['']",
        b"approvers: ada",
        b"approvers: [1]",
        b"approvers: [{a: b}]",
        b"approvers: {a: {b: c}}",
        b"approvers:",
        b"- approvals: 1",
        b"just words",
        b"approvals: 1\n---\napprovals: 2\n",
        b"approvals: 1\napprovals: 2\n",
        b"approvals: [",
        b"\xff\xfe\x00",
        b"a: &a [*a]",
        b"[not a file]",
        b"? {a: b}\n: c\n",
        b"approvals: !!int x",
    ],
)
def test_what_is_wrong_is_a_problem_and_never_more_lenient(data: bytes) -> None:
    policy = read_policy(data)
    assert policy.problems
    assert all(problem.where == ".portico.yaml" and problem.line for problem in policy.problems)
    assert policy.approvals == 1
    assert not policy.self_approval
    assert not policy.direct_pushes


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error_of_ours(data: bytes) -> None:
    policy = read_policy(data)
    assert policy.problems or policy == DEFAULT or policy.approvers or policy.direct_pushes


POLICIES = st.builds(
    Policy,
    approvals=st.integers(1, 20),
    self_approval=st.booleans(),
    direct_pushes=st.one_of(
        st.just(()), st.just((EVERYBODY,)), st.sets(st.sampled_from("abc")).map(lambda s: tuple(sorted(s)))
    ),
    problems=st.sampled_from([(), (Problem("x", "Bad."),)]),
)


@given(POLICIES, POLICIES)
def test_a_server_can_only_narrow(mine: Policy, server: Policy) -> None:
    both = mine.narrowed_by(server)
    assert both.approvals >= mine.approvals
    assert both.self_approval <= mine.self_approval
    assert EVERYBODY in mine.direct_pushes or set(both.direct_pushes) <= set(mine.direct_pushes)
    assert set(both.problems) >= set(mine.problems)
    assert both.approvers == mine.approvers
    assert mine.narrowed_by(NARROWS_NOTHING) == mine


def test_a_servers_policy_does_not_name_approvers() -> None:
    root = parse(b"policy:\n  approvals: 3\n  approvers: [ada]\n  nonsense: 1\n")[0].root.get("policy")
    assert root is not None
    policy = read_server_policy(root, "server.yaml")
    assert policy.approvals == 3
    assert [str(problem).split(";")[0] for problem in policy.problems] == [
        "server.yaml:4: Unknown key 'nonsense'",
        "server.yaml:2: `approvers` are named by the repository's policy, not by the server's.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "functions: [ghcr.io/team/, 'BAD BAD']",
        "functions: ghcr.io/team/",
        "functoins: [ghcr.io/team/]",
        "functions: [ghcr.io/team/]\napprovals: none",
    ],
)
def test_what_cannot_be_read_allows_no_images(text: str) -> None:
    """The list that was to narrow, on a server or in a repository, must not be taken for none."""
    server = read_server_policy(parse(text.encode())[0].root, "server.yaml")
    policy = read_policy(b"functions: [ghcr.io/any/]").narrowed_by(server)
    assert policy.functions == (("ghcr.io/any/",), ())
    assert read_policy(text.encode()).functions == ((),)
