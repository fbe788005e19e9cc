"""Texts cut to the lengths that forges take, so that what is left still reads as it was meant."""

import re

_CUT = "\n\n*The rest was too long.*\n"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*$")
_ROOM = 400  # for what closes the blocks that are open where it is cut
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)


def cut(text: str, most: int) -> str:
    """Cut a text at the end of a line, and close the code and the details that are open there."""
    if len(text) <= most:
        return text
    kept = text[: most - _ROOM].rpartition("\n")[0] or text[: most - _ROOM]
    fence, depth = "", 0
    for line in kept.split("\n"):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line.strip(f" {fence[0]}"):
                fence = ""
        elif found:
            fence = found[1][:100]
        else:
            depth += sum(-1 if end else 1 for end in _DETAILS.findall(line))
    closing = (f"\n{fence}" if fence else "") + "\n</details>" * min(max(depth, 0), 10)
    return kept + closing + _CUT


def cut_line(text: str, most: int) -> str:
    """Cut a title, which is one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
