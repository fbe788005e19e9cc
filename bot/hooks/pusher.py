"""Who pushed: asked of the ways that the server's settings trust, in their order."""

import os
import pwd
from collections.abc import Mapping

from bot.errors import Refused
from bot.hooks.server import Server
from bot.lifecycle.person import Person


def pusher(server: Server, environment: Mapping[str, str]) -> Person:
    """The person behind a push; raises Refused when no trusted way knows one."""
    for way in server.identity:
        if login := _login(way, environment).strip():
            if not login.isprintable():  # what would break the line of a record
                raise Refused(
                    f"What `{way}` tells of who you are is not a name; the server's owner must mend it."
                )
            return _known(server, login)
    raise Refused(
        f"The server cannot tell who you are (it asks: {', '.join(server.identity)}); "
        f"its owner sets that under `identity` in portico/server.yaml."
    )


def _login(way: str, environment: Mapping[str, str]) -> str:
    match way:
        case "certificate":
            good = (
                environment.get("GIT_PUSH_CERT_STATUS") == "G"
                and environment.get("GIT_PUSH_CERT_NONCE_STATUS") == "OK"
            )
            return environment.get("GIT_PUSH_CERT_SIGNER", "") if good else ""
        case "gitolite":
            return environment.get("GL_USER", "")
        case "http":
            return environment.get("REMOTE_USER", "")
        case "system":
            return _system_user()
        case _:
            return environment.get(way.removeprefix("variable:"), "")


def _system_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _known(server: Server, login: str) -> Person:
    """Look the login up by name or address; a certificate names its signer `Name <email>`, or by address."""
    name, _, rest = login.partition("<")
    email = rest.rstrip(">").strip() or (login if "@" in login else "")
    for person in server.people.values():
        if login == person.login or (email and email.lower() == person.email.lower()):
            return person
    if email:
        return Person(email, name.strip(), email)
    return Person(login, login, f"{login}@localhost")
