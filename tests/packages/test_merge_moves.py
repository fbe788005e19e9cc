"""Resources that were renamed, moved or removed are recognised."""

from bot.packages.merge import Merged, Side, merge
from bot.packages.package import File
from bot.packages.resource import Identity
from tests.packages.merging import config, edited, merged, text_of


def test_a_resource_that_was_renamed_here_is_known_by_what_kpt_noted() -> None:
    local = config("mine", note=" # kpt-merge: /app").replace("b: '2'", "b: '9'")
    result = merged(config("app"), local, config("app", "7"))
    assert text_of(result) == local.replace("a: 1", "a: 7")


def test_a_resource_that_was_renamed_here_is_known_by_its_annotation() -> None:
    note = "\n  annotations:\n    internal.kpt.dev/upstream-identifier: '|ConfigMap|default|app'"
    result = merged(config("app"), config("mine", note=note), config("app", "7"))
    assert text_of(result) == config("mine", "7", note)


def test_a_resource_that_was_renamed_here_is_known_by_its_content() -> None:
    result = merged(config("app"), config("mine"), config("app", "7"))
    assert text_of(result) == config("mine", "7")
    assert result.conflicts == ()


def test_a_resource_that_was_renamed_upstream_keeps_what_was_changed_here() -> None:
    local = config("app", "7", " # kpt-merge: /app")
    result = merged(config("app"), local, config("better"))
    assert text_of(result) == config("better", "7", " # kpt-merge: /better")
    assert result.conflicts == ()


def test_a_resource_that_moved_upstream_takes_what_was_changed_here_along() -> None:
    other = {"b.yaml": File(config("other").encode())}
    origin = {"a.yaml": File((config("one") + "---\n" + config("two")).encode())} | other
    local = {"a.yaml": File((config("one", "9") + "---\n" + config("two")).encode())} | other
    upstream = {
        "a.yaml": File(config("two").encode()),
        "b.yaml": File((config("other") + "---\n" + config("one").replace("c: x", "c: y")).encode()),
    }
    result = merge(origin, local, upstream)
    assert text_of(result, "a.yaml") == config("two")
    assert text_of(result, "b.yaml") == config("other") + "---\n" + config("one", "9").replace("c: x", "c: y")
    assert result.conflicts == ()


def test_a_file_that_moved_upstream_takes_what_was_changed_here_along() -> None:
    result = merge(
        {"a.yaml": File(config("one").encode())},
        {"a.yaml": File(config("one", "9").encode())},
        {"dir/b.yaml": File(config("one").replace("c: x", "c: y").encode())},
    )
    assert {path: file.content.decode() for path, file in result.files.items()} == {
        "dir/b.yaml": config("one", "9").replace("c: x", "c: y")
    }


def test_a_file_that_moved_here_is_followed() -> None:
    result = merge(
        {"a.yaml": File(config("one").encode())},
        {"mine/b.yaml": File(config("one").replace("c: x", "c: y").encode())},
        {"a.yaml": File(config("one", "9").encode())},
    )
    assert {path: file.content.decode() for path, file in result.files.items()} == {
        "mine/b.yaml": config("one", "9").replace("c: x", "c: y")
    }


def test_a_new_version_of_the_api_is_no_new_resource() -> None:
    old = "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata:\n  name: x\nspec:\n  a: 1\n  b: 1\n"
    result = merged(
        old, edited(old, ("b: 1", "b: 2")), edited(old, ("extensions/v1beta1", "networking.k8s.io/v1"))
    )
    assert text_of(result) == edited(old, ("b: 1", "b: 2"), ("extensions/v1beta1", "networking.k8s.io/v1"))


def test_a_resource_that_went_upstream_stays_where_it_was_changed_here() -> None:
    result = merged(config("app"), config("app", "7"), "")
    assert text_of(result) == config("app", "7")
    assert [(each.field, each.theirs, each.taken) for each in result.conflicts] == [("", None, Side.LOCAL)]


def test_a_resource_that_went_upstream_goes_where_only_kpt_noted_something() -> None:
    assert merged(config("app"), config("app", note=" # kpt-merge: /app"), "") == Merged({})


def test_a_resource_that_went_here_stays_gone() -> None:
    origin = config("app") + "---\n" + config("second")
    upstream = config("app") + "---\n" + config("second", "7")
    result = merged(origin, config("app", "9"), upstream)
    assert text_of(result) == config("app", "9")
    assert [(each.resource, each.ours, each.taken) for each in result.conflicts] == [
        (Identity("", "ConfigMap", "", "second"), None, Side.LOCAL)
    ]


def test_a_resource_that_went_to_another_namespace_upstream_is_the_same() -> None:
    moved = config("app").replace("metadata:\n", "metadata:\n  namespace: shop\n")
    result = merged(config("app"), config("app", "7"), moved.replace("c: x", "d: y"))
    assert text_of(result) == moved.replace("a: 1", "a: 7").replace("c: x", "d: y")
    assert result.conflicts == ()


def test_a_resource_that_is_like_one_that_went_is_another_if_it_was_there_before() -> None:
    # The second one is changed here as well: it must not be taken for the first, which went.
    origin = config("one") + "---\n" + config("two")
    result = merged(origin, config("two", "5"), config("one", "7") + "---\n" + config("two"))
    assert text_of(result) == config("two", "5")
    assert [each.resource.name for each in result.conflicts if each.resource] == ["one"]


def test_a_resource_that_both_sides_moved_is_there_once() -> None:
    local = {"b.yaml": File(config("app").replace("c: x", "c: y").encode())}
    upstream = {"c.yaml": File(config("app", "7").encode())}
    result = merge({"a.yaml": File(config("app").encode())}, local, upstream)
    assert list(result.files) == ["b.yaml"]
    assert text_of(result, "b.yaml") == config("app", "7").replace("c: x", "c: y")
    assert result.conflicts == ()


def test_a_resource_that_both_sides_moved_into_other_files_is_there_once() -> None:
    origin = {path: File(config(path[0]).encode()) for path in ("a.yaml", "b.yaml", "c.yaml")}
    moved = {
        path: File(f"{config(path[0])}---\n{config('a', value)}".encode())
        for path, value in (("b.yaml", "7"), ("c.yaml", "8"))
    }
    result = merge(
        origin,
        {"b.yaml": moved["b.yaml"], "c.yaml": origin["c.yaml"]},
        {"b.yaml": origin["b.yaml"], "c.yaml": moved["c.yaml"]},
    )
    assert text_of(result, "b.yaml") == f"{config('b')}---\n{config('a', '8')}"
    assert text_of(result, "c.yaml") == config("c")
    assert [conflict.field for conflict in result.conflicts] == ["data.a"]


def test_a_resource_that_went_here_and_only_moved_upstream_stays_gone() -> None:
    origin = {path: File(config(path[0]).encode()) for path in ("a.yaml", "b.yaml")}
    result = merge(
        origin, {"b.yaml": origin["b.yaml"]}, {"b.yaml": origin["b.yaml"], "c.yaml": origin["a.yaml"]}
    )
    assert list(result.files) == ["b.yaml"]


def test_what_neither_side_has_any_more_may_be_anything() -> None:
    for text in (f"{config('app')}---\n{config('app', '2')}", "a: [\n"):
        kept = {"b.yaml": File(config("b").encode())}
        assert merge({"a.yaml": File(text.encode()), **kept}, kept, kept).files == kept
