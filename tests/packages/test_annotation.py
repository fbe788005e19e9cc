"""The `kpt:` lines of commit messages stay one line, whatever their values hold."""

import pytest

from bot.packages.annotation import Annotation, read_annotations


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\x7f", "\n", "\x0b", "\x1c", "\udcff", "é"])
def test_every_value_is_read_as_it_was_written(odd: str) -> None:
    pairs = {"tier": f"a{odd}kpt:{{}}{odd}b"}
    annotation = Annotation("dns", "w", "0", {"type": "eval", "eval": {"image": "i", "configMap": pairs}})
    message = f"Subject\n\n\n{annotation}\n".encode().decode()
    assert read_annotations(message) == [annotation]
    assert len(str(annotation).splitlines()) == 1


def test_what_others_wrote_is_not_cut_at_what_ends_a_line_elsewhere() -> None:
    message = 'Subject\r\n\r\nkpt:{"package":"a\u2028kpt:{}","revision":"1"}\r\n'
    assert read_annotations(message) == [Annotation("a\u2028kpt:{}", revision="1")]
