"""Text in double quotes as Go's `%q` writes it, for words that others parse."""

_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    '"': '\\"', "\\": "\\\\",
}  # fmt: skip


def go_quoted(text: str) -> str:
    """`text` in double quotes; what cannot be printed is escaped."""
    return f'"{"".join(_ESCAPES.get(char) or _shown(char) for char in text)}"'


def _shown(char: str) -> str:
    code = ord(char)
    if char.isprintable():
        return char
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
