"""What a program finds around it: `ctx`, and the words of the original that the interpreter here lacks."""

# In pieces, because a name that a piece gives is the piece's own from its beginning on. Names that begin
# and end with `_` are ours: programs have no reason to use one.
_WORDS = """
_type_, _str_, _repr_ = type, str, repr
_resource_list_ = json.decode(_request_)

def _texts_(items):
    if _type_(items) != "list" or any([_type_(item) != "dict" for item in items]):
        _end_('`ctx.resource_list["items"]` must be a list of dicts')
    return [json.encode(item) for item in items]

_keep_(_texts_(_resource_list_["items"]))
"""
_WITHOUT_SETS = "_show_ = repr\n"
# The interpreter has no sets; a dict holds unique members in their order, too, and knows `in`, `|` and `==`.
# Its values are a function, so that none of them gets into a resource.
_SETS = """
def _member_():
    pass

def _is_set_(x):
    if _type_(x) == "dict":
        for key in x:
            return _type_(x[key]) == "function" and x[key] == _member_
    return False

def _show_(x):
    return "set([%s])" % ", ".join([_repr_(key) for key in x]) if _is_set_(x) else _repr_(x)

def set(iterable = ()):
    return {x: _member_ for x in iterable}

def repr(x):
    return _show_(x)

def str(x):
    return _show_(x) if _is_set_(x) else _str_(x)

def type(x):
    return "set" if _is_set_(x) else _type_(x)
"""
_LAST = """
def _text_(values, separator):
    return separator.join([x if _type_(x) == "string" else _show_(x) for x in values])

def print(*args, sep = " "):
    _print_(_text_(args, sep))

def fail(*args, sep = " "):
    _end_("fail: " + _text_(args, sep))

ctx = struct(resource_list = _resource_list_, environment = {}, open_api = {"definitions": {}})
"""
# What is left of the items when the program is at its end.
CODA = '_keep_(_texts_(_resource_list_.get("items")))\n'


def preludes(*, with_sets: bool) -> tuple[str, ...]:
    """Pieces of Starlark to be run one after the other; sets cost a little, and few programs have them."""
    return (_WORDS, _SETS if with_sets else _WITHOUT_SETS, _LAST)
