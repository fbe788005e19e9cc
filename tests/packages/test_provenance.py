"""Where a package comes from, as its Kptfile tells it."""

import pytest

from bot.errors import InvalidDocument
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.provenance import Strategy, new_kptfile, taken_over, with_lock, with_upstream

UPSTREAM = Upstream("https://h/r", "/a", "v1")
LOCK = Upstream("https://h/r", "/a", "a/v1", "1" * 40)
FETCHED = b"""apiVersion: kpt.dev/v1
kind: Kptfile
metadata: # a comment
  name: theirs
  namespace: theirs
  annotations:
    both: theirs
    config.kubernetes.io/local-config: "true"
upstream:
  type: git
  git: {repo: x, directory: y, ref: z}
info:
  description: theirs
  keywords: [a]
pipeline:
  mutators:
  - image: set-labels:v0.1
    configMap: {a: b}
status:
  conditions: [{type: R, status: "True"}]
"""


def test_a_new_package_in_the_words_of_kpt() -> None:
    own = with_upstream(new_kptfile("mine"), UPSTREAM, Strategy.RESOURCE_MERGE)
    # As kpt 1.0.0-beta.56 writes it.
    assert (
        with_lock(taken_over(own, FETCHED), LOCK).decode()
        == f"""apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: mine
  annotations:
    both: theirs
    config.kubernetes.io/local-config: "true"
upstream:
  type: git
  git:
    repo: https://h/r
    directory: /a
    ref: v1
  updateStrategy: resource-merge
upstreamLock:
  type: git
  git:
    repo: https://h/r
    directory: /a
    ref: a/v1
    commit: "{"1" * 40}"
info:
  description: theirs
  keywords:
    - a
pipeline:
  mutators:
    - image: set-labels:v0.1
      configMap:
        a: b
status:
  conditions:
    - type: R
      status: "True"
"""
    )


def test_what_both_say_is_united() -> None:
    own = FETCHED.replace(b"theirs", b"mine").replace(b"keywords", b"emails")
    read = read_kptfile(taken_over(own, FETCHED))
    assert (read.name, read.annotations["both"], read.info.description) == ("mine", "theirs", "theirs")
    assert read.upstream == Upstream("x", "y", "z")
    assert b"emails" in taken_over(own, FETCHED)


def test_a_strategy_stays_unless_another_is_chosen() -> None:
    first = with_upstream(new_kptfile("x"), UPSTREAM, Strategy.FAST_FORWARD)
    assert b"fast-forward" in with_upstream(first, UPSTREAM._replace(ref="v2"))
    assert b"copy-merge" in with_upstream(first, UPSTREAM, Strategy.COPY_MERGE)
    assert b"updateStrategy" not in with_upstream(new_kptfile("x"), UPSTREAM)


def test_a_lock_is_replaced_and_all_else_stays() -> None:
    before = with_lock(FETCHED, LOCK)
    after = with_lock(before, LOCK._replace(ref="v2", commit="2" * 40))
    assert after == before.replace(b"a/v1", b"v2").replace(b"1" * 40, b"2" * 40)
    assert with_lock(after, read_kptfile(after).upstream_lock or LOCK) == after


@pytest.mark.parametrize(
    "kptfile",
    [
        b"",
        b"a: [",
        b"apiVersion: kpt.dev/v1alpha2\nkind: Kptfile\n",
        b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: x}\nmine: 1\n",
        b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: x}\ninfo: []\n",
    ],
)
def test_what_kpt_cannot_read_is_not_written_anew(kptfile: bytes) -> None:
    for own, other in ((kptfile, new_kptfile("x")), (new_kptfile("x"), kptfile)):
        with pytest.raises(InvalidDocument) as caught:
            taken_over(own, other)
        assert caught.value.reason
    with pytest.raises(InvalidDocument):
        with_lock(kptfile, LOCK)
    with pytest.raises(InvalidDocument):
        with_upstream(kptfile, UPSTREAM)
