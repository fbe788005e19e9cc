"""Fields and documents merged: what is taken, what is kept, and what is told."""

import pytest

from bot.errors import UserError
from bot.packages.merge import Conflict, OnConflict, Side
from bot.packages.package import File
from bot.packages.resource import Identity
from tests.packages.merging import config, edited, merged, merged_files, text_of

WEB = """# The web server.
apiVersion: apps/v1
kind: Deployment
metadata: # kpt-merge: shop/web
  name: web
  namespace: shop

spec:
    replicas: 3   # enough
    template:
      spec:
        containers:
          - name: main
            image: "nginx:1.2"
"""
DEPLOYMENT = Identity("apps", "Deployment", "shop", "web")


REPLICAS = ("replicas: 3", "replicas: 5")
IMAGE = ("nginx:1.2", "nginx:1.3")
PORTS = ('nginx:1.2"\n', 'nginx:1.2"\n            ports:\n              - containerPort: 80\n')


def test_what_both_changed_elsewhere_is_merged_and_the_formatting_stays() -> None:
    result = merged(WEB, edited(WEB, REPLICAS), edited(WEB, IMAGE))
    assert text_of(result) == edited(WEB, REPLICAS, IMAGE)
    assert result.conflicts == ()


def test_what_is_added_leaves_the_lines_around_it_alone() -> None:
    result = merged(WEB, edited(WEB, REPLICAS), edited(WEB, PORTS))
    assert text_of(result).startswith(edited(WEB, REPLICAS).partition("            image")[0])
    assert "          - containerPort: 80\n" in text_of(result)


@pytest.mark.parametrize(
    ("on_conflict", "taken", "value"),
    [
        (OnConflict.UPSTREAM, Side.UPSTREAM, "replicas: 7"),
        (OnConflict.LOCAL, Side.LOCAL, "replicas: 5"),
        (OnConflict.STOP, Side.LOCAL, "replicas: 5"),
    ],
)
def test_a_field_that_both_changed_is_a_conflict(on_conflict: OnConflict, taken: Side, value: str) -> None:
    local, upstream = edited(WEB, REPLICAS), edited(WEB, ("replicas: 3", "replicas: 7"), IMAGE)
    result = merged(WEB, local, upstream, on_conflict=on_conflict)
    assert result.conflicts == (Conflict("a.yaml", DEPLOYMENT, "spec.replicas", "3", "5", "7", taken),)
    assert value in text_of(result)
    assert result.stopped is (on_conflict is OnConflict.STOP)
    assert ("nginx:1.3" in text_of(result)) is not result.stopped


def test_a_conflict_is_told_in_a_sentence() -> None:
    (conflict,) = merged(WEB, edited(WEB, REPLICAS), edited(WEB, ("replicas: 3", "replicas: 7"))).conflicts
    assert str(conflict) == (
        "'a.yaml', Deployment 'shop/web', `spec.replicas`: here it was changed to '5', "
        "upstream changed to '7'; taken: upstream."
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "kind: Secret\nmetadata: {name: a}\ndata: {x: OLD}\n",
            "`data.x`: here it was changed to '<redacted>'",
        ),
        ("kind: Secret\nmetadata: {name: a}\ntype: OLD\n", "`type`: here it was changed to 'here-2'"),
        ("kind: A\nmetadata: {name: a}\npassword: OLD\n", "`password`: here it was changed to '<redacted>'"),
        ("{{\nPASSWORD=OLD\n", "`line 2`: here it was changed to '<redacted>'"),
        ("{{\nother=OLD\n", "`line 2`: here it was changed to 'other=here-2'"),
    ],
)
def test_a_conflict_tells_no_secret(text: str, told: str) -> None:
    (conflict,) = merged(*(text.replace("OLD", value) for value in ("old-1", "here-2", "there-3"))).conflicts
    assert told in str(conflict)
    assert ("there-3" in str(conflict)) is ("<redacted>" not in told)


CONTAINERS = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
"""


def _containers(**images: str) -> str:
    return CONTAINERS + "".join(
        f"      - name: {name}\n        image: {image}\n" for name, image in images.items()
    )


def test_containers_are_merged_by_name() -> None:
    result = merged(
        _containers(a="1", b="1"), _containers(a="2", b="1", c="1"), _containers(x="1", a="1", b="3")
    )
    assert text_of(result) == _containers(a="2", b="3", c="1", x="1")


def test_an_item_stands_where_the_upstream_has_it_if_the_list_is_as_it_was() -> None:
    result = merged(_containers(a="1", b="1"), _containers(a="2", b="1"), _containers(x="1", a="1", b="1"))
    assert text_of(result) == _containers(x="1", a="2", b="1")


def test_an_item_that_went_upstream_and_was_changed_here_is_a_conflict() -> None:
    result = merged(_containers(a="1", b="1"), _containers(a="1", b="2"), _containers(a="1"))
    assert text_of(result) == _containers(a="1")
    assert [each.field for each in result.conflicts] == ["spec.template.spec.containers[b]"]


def test_an_item_that_went_here_and_was_changed_upstream_comes_back_whole() -> None:
    result = merged(_containers(a="1", b="1"), _containers(a="2"), _containers(a="1", b="2"))
    assert text_of(result) == _containers(a="2", b="2")
    assert [each.taken for each in result.conflicts] == [Side.UPSTREAM]


PORT = "apiVersion: v1\nkind: Service\nmetadata:\n  name: x\nspec:\n  ports:\n  - port: 80\n"


def test_a_port_without_a_protocol_is_the_one_with_tcp() -> None:
    result = merged(PORT, PORT + "    name: http\n", PORT + "    protocol: TCP\n    targetPort: 8080\n")
    assert text_of(result).count("port: 80\n") == 1
    assert result.conflicts == ()


LIST = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata: [{}]\n"


def test_a_list_that_nobody_knows_is_one_value() -> None:
    result = merged(*(LIST.format(items) for items in ("a", "a, b", "a, c")))
    assert text_of(result) == LIST.format("a, c")
    assert [(each.field, each.base, each.ours) for each in result.conflicts] == [("data", "[a]", "[a, b]")]


CRD = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: stores.example.com
spec:
  group: example.com
  names: {kind: Store}
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        properties:
          spec:
            properties:
              fruits:
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [kind]
                items:
                  properties:
                    tags: {x-kubernetes-list-type: set}
              plan: {x-kubernetes-map-type: atomic}
"""
STORE = """apiVersion: example.com/v1
kind: Store
metadata:
  name: x
spec:
  fruits:
  - kind: apple
    tags: [{tags}]
    price: {price}
  plan: {{{plan}}}
"""


def test_lists_of_custom_resources_are_merged_as_their_definition_says() -> None:
    crd = {"crd.yaml": File(CRD.encode())}
    texts = [
        STORE.format(tags=tags, price=price, plan="a: 1")
        for tags, price in (("red", 1), ("red, sweet", 1), ("red, cheap", 2))
    ]
    result = merged_files(*(crd | {"a.yaml": File(text.encode())} for text in texts))
    assert text_of(result) == STORE.format(tags="red, sweet, cheap", price=2, plan="a: 1")
    assert merged(*texts).conflicts[0].field == "spec.fruits"


def test_a_mapping_that_is_one_value_is_not_merged() -> None:
    crd = {"crd.yaml": File(CRD.encode())}
    texts = [STORE.format(tags="", price=1, plan=plan) for plan in ("a: 1", "a: 1, b: 1", "a: 1, c: 1")]
    result = merged_files(*(crd | {"a.yaml": File(text.encode())} for text in texts))
    assert [each.field for each in result.conflicts] == ["spec.plan"]
    assert "plan: {a: 1, c: 1}" in text_of(result)


def test_what_nobody_changed_stays_byte_for_byte() -> None:
    odd = "# licence\n\n---   # one\n" + config("odd").replace("data:", "data:   # odd") + "\n\n"
    origin = odd + "---\n" + config("app")
    result = merged(
        origin, odd + "---\n" + config("app", "9"), odd + "---\n" + config("app").replace("c: x", "c: y")
    )
    assert text_of(result) == odd + "---\n" + config("app", "9").replace("c: x", "c: y")


def test_line_endings_and_byte_order_marks_stay() -> None:
    def dos(text: str) -> File:
        return File(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    trees = (config("app"), config("app", "9"), config("app").replace("c: x", "c: y"))
    result = merged_files(*({"a.yaml": dos(text)} for text in trees))
    assert result.files["a.yaml"] == dos(config("app", "9").replace("c: x", "c: y"))


def test_one_resource_twice_is_told_in_the_words_of_kpt() -> None:
    twice = config("app", "9") + "---\n" + config("app", "8")
    with pytest.raises(UserError, match=r'^found duplicate "dest" resources in file "a\.yaml", please'):
        merged(config("app"), twice, config("app", "7"))


def test_documents_that_refer_to_themselves_are_one_value() -> None:
    text = "apiVersion: v1\nkind: X\nmetadata:\n  name: x\na: &a {v: 1}\nb: *a\nc: 1\n"
    result = merged(text, edited(text, ("c: 1", "c: 2")), edited(text, ("v: 1", "v: 2")))
    assert text_of(result) == edited(text, ("v: 1", "v: 2"))
    assert [each.field for each in result.conflicts] == [""]


def test_many_alike_resources_are_merged_quickly() -> None:
    def many(value: str, start: int) -> str:
        return "---\n".join(config(f"n{number}", value) for number in range(start, start + 300))

    result = merged(many("1", 0), many("2", 150), many("3", 300))
    assert text_of(result).count("name: n") >= 300
