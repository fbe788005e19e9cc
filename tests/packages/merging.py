"""Small packages to merge, and short ways to do it."""

from bot.packages.merge import Merged, OnConflict
from bot.packages.merge.trees import Trees
from bot.packages.merge.update import merge_trees
from bot.packages.package import File, Files


def merged(*texts: str, on_conflict: OnConflict = OnConflict.UPSTREAM) -> Merged:
    """One file, merged: as it was, as it is here, as it is upstream; '' where it is not."""
    trees = ({"a.yaml": File(text.encode())} if text else {} for text in texts)
    return merge_trees(Trees(*trees), on_conflict=on_conflict)


def merged_files(*trees: Files) -> Merged:
    """Three trees, merged."""
    return merge_trees(Trees(*trees))


def text_of(result: Merged, path: str = "a.yaml") -> str:
    return result.files[path].content.decode()


def edited(text: str, *edits: tuple[str, str]) -> str:
    """The text with each first word replaced by the second, once."""
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def config(name: str, value: str = "1", note: str = "") -> str:
    """A resource; `note` stands behind `metadata:`."""
    head = f"apiVersion: v1\nkind: ConfigMap\nmetadata:{note}\n  name: {name}\n"
    return f"{head}data:\n  a: {value}\n  b: '2'\n  c: x\n"
