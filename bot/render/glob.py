"""Globs over paths of files, as kpt's functions know them: `*`, `**`, `?`, `[a-z]`, `{a,b}`."""

import re

_TOKEN = re.compile(
    r"(?P<folders>(?:(?<=/)|\A)\*\*/)|(?P<rest>(?:(?<=/)|\A)\*\*\Z)|(?P<star>\*+)|(?P<any>\?)"
    r"|\[(?P<not>[!^]?)(?P<set>[^\]/]+)\]|\\(?P<escaped>.)|(?P<open>\{)|(?P<or>,)|(?P<close>\})|(?P<text>.)",
    re.DOTALL,
)
_FIXED = {"folders": "(?:[^/]+/)*", "rest": ".*", "star": "[^/]*", "any": "[^/]", "open": "(?:", "close": ")"}


def glob_expression(glob: str) -> str:
    """A regular expression for the whole path; an unmatched `{` makes one that does not compile."""
    parts = []
    depth = 0
    for token in _TOKEN.finditer(glob):
        kind = token.lastgroup or ""
        if kind == "close" and not depth:
            kind = "text"
            parts.append(r"\}")
        elif kind == "set":
            members = token["set"].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
            parts.append(f"[{'^/' if token['not'] else ''}{members}]")
        elif kind == "or":
            parts.append("|" if depth else ",")
        else:
            parts.append(_FIXED.get(kind) or re.escape(token[kind]))
        depth += (kind == "open") - (kind == "close")
    return rf"(?s)\A(?:{''.join(parts)})\z"
