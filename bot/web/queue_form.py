"""Where the queue is, as the settings say it: a file, or a server that several machines share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from bot.packages.documents import Kind
from bot.packages.naming import quoted
from bot.web.form import Form
from bot.web.redis_server import PORT, RedisServer
from bot.web.secret import Secret

USUAL = "queue.sqlite"
SCHEMES = {"redis": False, "rediss": True}
MOST_DATABASES = 1_000
# Reads the secret that a key names; None where that cannot be read, which was objected to then.
Read = Callable[[Form, str, str, int], Secret | None]


def read_queue(
    form: Form, state: Path, path: Callable[[str], Path], reads: Mapping[str, Read]
) -> Path | RedisServer:
    """`reads` says for each key of a password how to read what it names."""
    found = form.node.get("queue")
    if found is not None and found.kind is Kind.MAPPING:
        asked = form.form("queue")
        return (_server(asked, reads) if asked else None) or state / USUAL
    text = form.text("queue")
    if "://" not in text:
        return path(text) if text else state / USUAL
    return _address(form, "queue", text) or state / USUAL


def _server(form: Form, reads: Mapping[str, Read]) -> RedisServer | None:
    server = _address(form, "url", form.text("url"))
    named = {key: form.text(key) for key in reads}
    if len([key for key in reads if key in form]) > 1:
        ways = " and ".join(f"`{key}`" for key in reads)
        form.object(form.node.line, f"`{form.name}` must have one of {ways}, not both.")
    form.close()
    for key, name in named.items():
        if name and server and (password := reads[key](form, key, name, form.line(key))):
            server = RedisServer(
                server.host, server.port, server.database, server.is_encrypted, server.user, password
            )
    return server


def _address(form: Form, key: str, text: str) -> RedisServer | None:
    """The server that a URL names; what is wrong with it is said without repeating what may be a secret."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    called, line = form.called(key), form.line(key)
    if parts.password is not None:
        form.object(
            line,
            f"{called} must not hold a password: no secret stands in the settings. Say where it is by "
            "`queue: {url: …, passwordFile: …}`.",
        )
        return None
    database = parts.path.strip("/") or "0"
    is_number = database.isascii() and database.isdecimal() and int(database[:9]) < MOST_DATABASES
    if parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment or not is_number:
        what = "'redis://queue.example.com:6379/0', or with `rediss:` for TLS"
        kept = quoted(f"{parts.scheme}://…") if parts.scheme else "that"
        form.object(
            line, f"{called} must be the path of a SQLite file, or such as {what}; {kept} is neither."
        )
        return None
    return RedisServer(
        parts.hostname, port or PORT, int(database), SCHEMES[parts.scheme], unquote(parts.username or "")
    )
