"""Words of strangers, so that showing them does not steer a terminal."""


def printable(text: str) -> str:
    """The text with its control characters escaped, but for tabs and the ends of lines."""
    return "".join(char if char.isprintable() or char in "\t\n" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode()
