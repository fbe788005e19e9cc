"""No form of a difference shows a secret."""

import pytest

from bot.packages.difference import difference, format_json, format_markdown, format_stat, format_text
from bot.packages.difference.line_masking import mask_text
from bot.packages.difference.masking import masked
from bot.packages.documents import load
from bot.packages.package import File

SECRET = "hunter2"  # noqa: S105 what must not be seen
HEAD = "apiVersion: v1\nkind: {}\nmetadata:\n  name: x\n"
PEM = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"
TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123"  # noqa: S105 of the form of one


def all_forms(before: str, after: str, path: str) -> str:
    old = {path: File(before.encode())} if before else {}
    new = {path: File(after.encode())} if after else {}
    found = difference(old, new)
    assert found
    return format_text(found) + format_json(found) + format_markdown(found) + format_stat(found) + repr(found)


@pytest.mark.parametrize(
    "text",
    [
        HEAD.format("Secret") + f"data: {{a: {SECRET}}}\n",
        HEAD.format("Secret") + f"stringData:\n  a: |\n    x\n    {SECRET}\n",
        HEAD.format("Secret") + f"stringData:\n  name: {SECRET}\n",
        f"apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  data:\n    name: {SECRET}\n",
        HEAD.format("A") + f"spec:\n  adminPassword: {SECRET}\n",
        HEAD.format("A") + f"spec:\n  apiTokens: [{SECRET}]\n  credentials:\n    user: {SECRET}\n",
        HEAD.format("A") + f"spec:\n  env:\n  - name: DB_PASSWORD\n    value: {SECRET}\n",
        HEAD.format("A") + f"spec:\n  env:\n  - {{name: DB_PASSWORD, value: {SECRET}}}\n",
        HEAD.format("A") + "spec:\n  key: |\n" + "".join(f"    {line}\n" for line in PEM.splitlines()),
        HEAD.format("ConfigMap") + f"data:\n  a.conf: |\n    user = me\n    password = {SECRET}\n",
    ],
)
@pytest.mark.parametrize("broken", ["", "x: y: z\n"])
@pytest.mark.parametrize("path", ["a.yaml", "a.txt"])
def test_no_form_shows_it(text: str, broken: str, path: str) -> None:
    text += broken
    other = text.replace(SECRET, "other")
    for before, after in ((text, other), (other, text), (text, ""), ("", text)):
        shown = all_forms(before, after, path)
        assert SECRET not in shown
        assert "redacted" in shown or text not in after


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{secretName: web-tls}", {"secretName": "web-tls"}),
        ("{secretKeyRef: {name: db, key: pass}}", {"secretKeyRef": {"name": "db", "key": "pass"}}),
        ("{imagePullSecrets: [{name: x}]}", {"imagePullSecrets": [{"name": "x"}]}),
        ("{automountServiceAccountToken: false}", {"automountServiceAccountToken": False}),
        ("{secret: {name: x, password: y}}", {"secret": {"name": "<redacted>", "password": "<redacted>"}}),
        ("{token: 12, empty: {secret: ''}}", {"token": "<redacted>", "empty": {"secret": ""}}),
        (f"{{a: {TOKEN}, b: {'aB3' * 20}}}", {"a": "<redacted>", "b": "<redacted>"}),
        (f"{{commit: {'0a' * 20}}}", {"commit": "0a" * 20}),
        (f"{{path: {'some-words/' * 5}}}", {"path": "some-words/" * 5}),
    ],
)
def test_values(value: str, expected: object) -> None:
    assert masked(load(value.encode())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\n", "a: b\n"),
        ("export API_KEY=x\n", "export API_KEY=<redacted>\n"),
        ("run --password=x --name=y\n", "run --password=<redacted>\n"),
        ("tokens:\n- a\n- b\nc: d", "tokens:\n<redacted>\n<redacted>\nc: d"),
        ("password: a\n  b\nc: d\n", "password: <redacted>\n  <redacted>\nc: d\n"),
        ("- secret: |\n    a\n  b: c\n", "- secret: |\n    <redacted>\n  b: c\n"),
        ('{"kind": "Secret",\n"data": {"name": "x"}}\n', '<redacted>\n"data": <redacted>\n'),
        (f"see {TOKEN}", "<redacted>"),
        (f"id {'aB3' * 20} here", "id <redacted> here"),
        ("a secret is kept\n", "a secret is kept\n"),
        ("\r\n\n", "\r\n\n"),
    ],
)
def test_lines(text: str, expected: str) -> None:
    assert mask_text(text) == expected
