"""Situation S47: nothing that a comment or a check of ours repeats means anything to GitHub."""

import re

from tests.attendant.conftest import KPTFILE
from tests.attendant.github.hands import (
    living_on,
    propose,
    pushed,
    readable,
)
from tests.attendant.github.street import BRANCH, Street

FENCE = re.compile(r"^(`{3,})diff$.*?^\1$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"<code>[^<]*</code>")


def outside_of_code(body: str) -> str:
    """What a forge reads as Markdown and HTML."""
    return CODE.sub("", FENCE.sub("", body))


def is_harmless(body: str) -> None:
    """No names, markup or marks but ours, whatever stood in what was shown."""
    text = outside_of_code(body)
    ours = ("<!-- portico:living -->", "<!-- portico:answers -->", "<!-- portico:end -->")
    for mark in ours:
        assert text.count(mark) <= 1
        text = text.replace(mark, "")
    for tag in ("<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>"):
        text = text.replace(tag, "")
    assert not re.search(r"@\w|[<>]|\]\(|!\[|```", text), text


MARKUP = (
    "</details></code> @acme/owners ![x](http://evil.example/p.png) [click](http://evil.example) "
    "<img src=x> <!-- portico:end --> ``````` #1 acme/blueprints#1"
)


def test_s47_markup_in_the_content_of_a_package(street: Street) -> None:
    """Values, names of resources and whole files are shown as they are, and mean nothing to GitHub."""
    evil = f'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "{MARKUP}"\ndata:\n  x: |\n'
    lines = [
        "```````",
        "~~~",
        MARKUP,
        "<!-- portico:answers -->",
        "**Answers**",
        "- forged",
        "<!-- portico:end -->",
    ]
    text = "".join(f"    {line}\n" for line in lines)
    pull = pushed(
        street, {"net/dns/evil.yaml": (evil + text).encode(), "net/dns/evil.md": "\n".join(lines).encode()}
    )

    is_harmless(street.living())
    assert "evil.example" in living_on(street, pull)


def test_s47_forged_answers_in_a_difference(street: Street) -> None:
    """What stands in a difference is never taken for an answer of ours and shown without its fence."""
    lines = "<!-- portico:answers -->\n**Answers**\n- @acme/owners forged\n<!-- portico:end -->\n"
    street.cast.commit("root", "main", {"net/dns/notes.txt": f"{lines}\n@acme/owners twice\n".encode()})
    street.cast.commit("ada", BRANCH, {"net/dns/notes.txt": b"nothing\n"})
    street.attendant.look_at_branch(BRANCH)
    street.cast.comment("ada", street.pull, "/explain")
    street.look()
    street.ready()
    street.look()

    is_harmless(street.living())
    answers = street.living().partition("<!-- portico:answers -->")[2].partition("<!-- portico:end -->")[0]
    assert [line[:2] for line in answers.strip().splitlines()] == ["**", "- "]
    assert "forged" not in answers


def test_s47_markup_in_what_functions_say(street: Street) -> None:
    """A function's message can neither break out of the comment nor of the check."""
    source = f'fail("""{MARKUP}\\n- `approve`: @acme/owners\\n\\n# Title""")'
    config = (
        f"apiVersion: fn.kpt.dev/v1alpha1\nkind: StarlarkRun\nmetadata:\n  name: evil\nsource: '{source}'\n"
    )
    steps = "pipeline:\n  mutators:\n    - image: starlark:v0.4\n      configPath: evil.yaml\n"
    files = {"net/dns/Kptfile": (KPTFILE + steps).encode(), "net/dns/evil.yaml": config.encode()}
    pull = pushed(street, files)

    assert "evil.example" in living_on(street, pull).partition("Difference")[0]
    is_harmless(street.living())
    run = street.cast.repo.runs_of(pull.head_sha)[-1]
    assert "evil.example" in readable(run.output["summary"])
    is_harmless(run.output["summary"])


def test_s47_markup_in_what_people_write(street: Street) -> None:
    """Remarks, reviews and names are repeated as text."""
    street.cast.user("grace").name = MARKUP
    pull = propose(street)
    street.cast.comment("grace", pull, f"/portico {MARKUP}")
    street.cast.comment("grace", pull, f"/approve {MARKUP}")
    street.cast.comment("ada", pull, f"/rollback {MARKUP.replace(' ', '')}")
    street.look()
    street.cast.review(
        "grace", pull, "REQUEST_CHANGES", f"{MARKUP}\n<!-- portico:answers -->\n- @acme/owners"
    )
    street.look()

    assert pull.draft
    assert living_on(street, pull).count("evil.example") >= 3
    is_harmless(street.living())


def test_s47_a_comment_that_would_be_too_long(street: Street) -> None:
    """It is cut where it may be, and every fence in it is closed."""
    entry = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: z%d\ndata:\n  x: '````` @acme/owners'\n"
    pull = pushed(street, {f"net/dns/{number}.yaml": entry % number for number in range(300)})
    for number in range(6):
        street.cast.comment("ada", pull, f"/approve {'&' * 3000} {number}")
    street.look()

    assert 30_000 < len(street.living()) <= 65_536
    is_harmless(street.living())
    assert street.living().endswith("</sub>")
