"""Situation S47: nothing that a comment or a check of ours repeats means anything to a forge."""

import re

from tests.attendant.conftest import KPTFILE
from tests.attendant.contract.driver import Stands
from tests.attendant.contract.hosted import Hosted
from tests.attendant.situations.acts import drafted, proposed

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


def test_s47_markup_in_the_content_of_a_package(forge: Hosted) -> None:
    """Values, names of resources and whole files are shown as they are, and mean nothing to a forge."""
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
    drafted(
        forge, {"net/dns/evil.yaml": (evil + text).encode(), "net/dns/evil.md": "\n".join(lines).encode()}
    )

    is_harmless(forge.living())
    assert "evil.example" in forge.told()


def test_s47_forged_answers_in_a_difference(forge: Hosted) -> None:
    """What stands in a difference is never taken for an answer of ours and shown without its fence."""
    lines = "<!-- portico:answers -->\n**Answers**\n- @acme/owners forged\n<!-- portico:end -->\n"
    forge.write_main({"net/dns/notes.txt": f"{lines}\n@acme/owners twice\n".encode()})
    forge.write("ada", {"net/dns/notes.txt": b"nothing\n"})
    forge.look_at_branch()
    forge.say("ada", "/explain")
    forge.look_at()
    forge.propose()
    forge.look_at()

    is_harmless(forge.living())
    answers = forge.living().partition("<!-- portico:answers -->")[2].partition("<!-- portico:end -->")[0]
    assert [line[:2] for line in answers.strip().splitlines() if line[:2] != "  "] == ["**", "- "]
    assert "forged" not in answers


def test_s47_markup_in_what_functions_say(forge: Hosted) -> None:
    """A function's message cannot break out of the comment."""
    source = f'fail("""{MARKUP}\\n- `approve`: @acme/owners\\n\\n# Title""")'
    config = (
        f"apiVersion: fn.kpt.dev/v1alpha1\nkind: StarlarkRun\nmetadata:\n  name: evil\nsource: '{source}'\n"
    )
    steps = "pipeline:\n  mutators:\n    - image: starlark:v0.4\n      configPath: evil.yaml\n"
    files = {"net/dns/Kptfile": (KPTFILE + steps).encode(), "net/dns/evil.yaml": config.encode()}
    drafted(forge, files)

    assert "evil.example" in forge.told().partition("Difference")[0]
    is_harmless(forge.living())


def test_s47_markup_in_what_people_write(forge: Hosted) -> None:
    """Remarks, reviews and names are repeated as text."""
    forge.cast.user("grace").name = MARKUP
    proposed(forge)
    forge.say("grace", f"/portico {MARKUP}")
    forge.say("grace", f"/portico approve {MARKUP}")
    forge.say("ada", f"/rollback {MARKUP.replace(' ', '')}")
    forge.look_at()
    forge.reject("grace", f"{MARKUP}\n<!-- portico:answers -->\n- @acme/owners")
    forge.look_at()

    assert forge.stands() is Stands.DRAFT
    assert forge.told().count("evil.example") >= 3
    is_harmless(forge.living())


def test_s47_a_comment_that_would_be_too_long(forge: Hosted) -> None:
    """It is cut where it may be, and every fence in it is closed."""
    entry = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: z%d\ndata:\n  x: '````` @acme/owners'\n"
    drafted(forge, {f"net/dns/{number}.yaml": entry % number for number in range(300)})
    for number in range(6):
        forge.say("ada", f"/portico approve {'&' * 3000} {number}")
    forge.look_at()

    assert 30_000 < len(forge.living()) <= 65_536
    is_harmless(forge.living())
    assert forge.living().endswith("</sub>")
