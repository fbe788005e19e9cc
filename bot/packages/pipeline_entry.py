"""An entry of a Kptfile's pipeline, written into it so that everything else stays as it is."""

from bot.packages.documents import Kind, Node, mapping, sequence, string
from bot.packages.function import Function, Selector


def add_function(document: Node, function: Function, kind: str) -> bool:
    """Put `function` into the pipeline of a Kptfile as a 'mutator' or 'validator'.

    An entry with the same image or executable (whatever its tag) is replaced in its place, with its name
    kept. Returns whether there was one.
    """
    entries = _list(_mapping(document.root, "pipeline"), f"{kind}s")
    new = _entry(function)
    for index, old in enumerate(entries.content):
        if image_base(old.text("image")) == image_base(function.image) and old.text("exec") == function.exec:
            if old.text("name"):
                new.put("name", string(old.text("name")))
            new.head_comment, new.foot_comment = old.head_comment, old.foot_comment
            entries.content[index] = new
            return True
    entries.content.append(new)
    return False


def _entry(function: Function) -> Node:
    entry = mapping()
    texts = {
        "image": function.image,
        "exec": function.exec,
        "configPath": function.config_path,
        "tag": function.tag,
    }
    for name, text in texts.items():
        if text:
            entry.put(name, string(text))
    if function.config_map:
        entry.put("configMap", mapping(*((key, string(text)) for key, text in function.config_map)))
    for name, selectors in (("selectors", function.selectors), ("exclude", function.exclude)):
        if selectors:
            entry.put(name, sequence(*map(_selector, selectors)))
    return entry


def _selector(selector: Selector) -> Node:
    texts = {
        "apiVersion": selector.api_version,
        "kind": selector.kind,
        "name": selector.name,
        "namespace": selector.namespace,
    }
    node = mapping(*((name, string(text)) for name, text in texts.items() if text))
    for name, pairs in (("labels", selector.labels), ("annotations", selector.annotations)):
        if pairs:
            node.put(name, mapping(*((key, string(text)) for key, text in pairs)))
    return node


def image_base(image: str) -> str:
    """An image without tag and digest."""
    image = image.partition("@")[0]
    head, slash, last = image.rpartition("/")
    return head + slash + last.partition(":")[0]


def _mapping(root: Node, name: str) -> Node:
    found = root.get(name)
    if found is None or found.kind is not Kind.MAPPING:
        found = mapping()
        root.put(name, found)
    return found


def _list(root: Node, name: str) -> Node:
    found = root.get(name)
    if found is None or found.kind is not Kind.SEQUENCE:
        found = sequence()
        root.put(name, found)
    return found
