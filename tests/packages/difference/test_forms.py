"""The forms in which a difference is shown."""

import json

from bot.packages.difference import (
    Difference,
    difference,
    format_json,
    format_markdown,
    format_stat,
    format_text,
)
from bot.packages.package import File, Files

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: a
        image: nginx:1
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.txt: |\n    one\n    two\n"
SIDECAR = "      - name: b\n        args: [x]\n"
BEFORE: Files = {
    "web.yaml": File(DEPLOYMENT.encode()),
    "c.yaml": File(CONFIG.encode()),
    "old.yaml": File(b"kind: Old\nmetadata: {name: o}\n"),
    "README.md": File(b"one\ntwo\n"),
    "logo.png": File(b"\0\1"),
    "run.sh": File(b"ls\n"),
}
AFTER: Files = {
    "web.yaml": File((DEPLOYMENT.replace("replicas: 1", "replicas: 3") + SIDECAR).encode()),
    "c.yaml": File(CONFIG.replace("two", "2 ```\n    @ada").encode()),
    "README.md": File(b"one\n2\x1b"),
    "logo.png": File(b"\0\1\2"),
    "run.sh": File(b"ls\n", 0o100755),
}
TEXT = """\
changed ConfigMap c in c.yaml
    ~ data["a.txt"]:
    @@ -1,2 +1,3 @@
      one
    - two
    + 2 ```
    + @ada
removed Old o in old.yaml
    - kind: "Old"
    - metadata:
    -   name: "o"
changed Deployment prod/web in web.yaml
    ~ spec.replicas: 1 → 3
    + spec.template.spec.containers[name=b]:
    +   name: "b"
    +   args:
    +     - "x"
changed file README.md
    @@ -1,2 +1,2 @@
      one
    - two
    + 2\\x1b
      (no line feed at the end)
changed file logo.png (no text, 2 → 3 bytes)
changed file run.sh (mode 100644 → 100755)
2 resources changed, 1 removed, 3 files changed
"""
STAT = """\
changed  ConfigMap c in c.yaml            ~1
removed  Old o in old.yaml
changed  Deployment prod/web in web.yaml  +1 ~1
changed  file README.md                   +1 -1
changed  file logo.png                    (no text, 2 → 3 bytes)
changed  file run.sh                      (mode 100644 → 100755)
2 resources changed, 1 removed, 3 files changed
"""
SECTION = """\
<details><summary>changed <code>ConfigMap c</code> in <code>c.yaml</code></summary>

````diff
! data["a.txt"]:
@@ -1,2 +1,3 @@
  one
- two
+ 2 ```
+ @ada
````

</details>
"""


def test_text() -> None:
    assert format_text(difference(BEFORE, AFTER)) == TEXT


def test_a_style_paints_whole_lines() -> None:
    painted = format_text(difference(BEFORE, AFTER), lambda role, line: f"{role}<{line}>")
    assert "changed<    ~ spec.replicas: 1 → 3>\n" in painted
    assert painted.startswith("head<changed ConfigMap c in c.yaml>\n")


def test_stat() -> None:
    assert format_stat(difference(BEFORE, AFTER)) == STAT


def test_markdown() -> None:
    page = format_markdown(difference(BEFORE, AFTER))
    assert page.startswith("**Difference:** 2 resources changed, 1 removed, 3 files changed\n")
    assert SECTION in page
    assert page.count("<details>") == page.count("</details>") == 6


def test_markdown_is_cut_at_a_hunk() -> None:
    lines = [f"line {number}\n" for number in range(2000)]
    other = [line if number % 50 else f"other {number}\n" for number, line in enumerate(lines)]
    found = difference({"a.txt": File("".join(lines).encode())}, {"a.txt": File("".join(other).encode())})
    whole, page = format_markdown(found), format_markdown(found, 2000)
    assert whole.count("\n@@") == 40
    shown = page.count("\n@@")
    assert 0 < shown < 40
    assert f"… and {40 - shown} more that did not fit here." in page
    assert page.count("- line") == page.count("+ other") == shown
    assert page.count("```") == 2
    assert len(page) <= 2000


def test_json_is_as_documented() -> None:
    found = json.loads(format_json(difference(BEFORE, AFTER)))
    config, old, web = found["resources"]
    assert web == {
        "changes": ["changed"],
        "before": _place("web.yaml"),
        "after": _place("web.yaml"),
        "commentsChanged": False,
        "formattingOnly": False,
        "content": None,
        "fields": [
            {
                "field": "spec.replicas",
                "path": ["spec", "replicas"],
                "change": "changed",
                "before": 1,
                "after": 3,
            },
            {
                "field": "spec.template.spec.containers[name=b]",
                "path": ["spec", "template", "spec", "containers", {"name": "b"}],
                "change": "added",
                "after": {"name": "b", "args": ["x"]},
                "at": 1,
            },
        ],
    }
    assert (old["changes"], old["after"], old["content"]["kind"]) == (["removed"], None, "Old")
    assert config["fields"][0]["after"] == "one\n2 ```\n@ada\n"
    assert [(one["change"], one["content"]) for one in found["files"]] == [
        ("changed", "lines"),
        ("changed", "resources"),
        ("changed", "bytes"),
        ("removed", "resources"),
        ("changed", "same"),
        ("changed", "resources"),
    ]
    assert found["files"][0] == {
        "change": "changed",
        "before": {"path": "README.md", "mode": "100644", "size": 8},
        "after": {"path": "README.md", "mode": "100644", "size": 6},
        "content": "lines",
        "formattingOnly": False,
        "note": "",
        "hunks": [{"before": [1, 2], "after": [1, 2], "lines": [" one", "-two", "+2\x1b"]}],
    }


def _place(path: str) -> dict[str, object]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "namespace": "prod",
        "name": "web",
        "path": path,
        "index": 0,
    }


def test_nothing_is_shown_as_nothing() -> None:
    empty = Difference()
    assert (format_text(empty), format_stat(empty), format_markdown(empty)) == ("", "", "")
    assert json.loads(format_json(empty)) == {"files": [], "resources": []}
