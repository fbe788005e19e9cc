"""Which resources a constraint of gatekeeper is about, criterion by criterion."""

import pytest

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.constraint import read, subjects

ITEMS = """\
apiVersion: v1
kind: Namespace
metadata: {name: prod, labels: {env: prod}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cm, namespace: prod, labels: {app: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: kube-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
"""
POLICY = "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K\nmetadata: {name: c}\nspec:\n"
ALL = ["prod", "cm", "web", "reader"]


def items(text: str) -> list[Resource]:
    return [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]


@pytest.mark.parametrize(
    ("match", "wanted"),
    [
        ("{}", ALL),
        ("null", ALL),
        ("{kinds: [{apiGroups: [''], kinds: [ConfigMap]}]}", ["cm"]),
        ("{kinds: [{apiGroups: [apps], kinds: [ConfigMap]}]}", []),
        ("{kinds: [{apiGroups: ['*'], kinds: ['*']}]}", ALL),
        ("{kinds: [{kinds: [Deployment]}, {apiGroups: [rbac.authorization.k8s.io]}]}", ["web", "reader"]),
        ("{kinds: []}", ALL),
        # What is in no namespace is always meant; a Namespace is in itself.
        ("{namespaces: [prod]}", ["prod", "cm", "reader"]),
        ("{namespaces: ['kube-*']}", ["web", "reader"]),
        ("{namespaces: ['*-system']}", ["web", "reader"]),
        ("{namespaces: ['*-*']}", ["web", "reader"]),
        ("{namespaces: ['*']}", ALL),
        ("{excludedNamespaces: ['kube-*']}", ["prod", "cm", "reader"]),
        ("{excludedNamespaces: ['*']}", ["reader"]),
        ("{scope: Namespaced}", ["cm", "web"]),
        ("{scope: Cluster}", ["prod", "reader"]),
        ("{scope: '*'}", ALL),
        ("{name: 're*'}", ["reader"]),
        ("{name: cm}", ["cm"]),
        ("{labelSelector: {matchLabels: {app: web}}}", ["cm"]),
        ("{labelSelector: {}}", ALL),
        ("{labelSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}", ["cm"]),
        (
            "{labelSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}",
            ["prod", "web", "reader"],
        ),
        ("{labelSelector: {matchExpressions: [{key: env, operator: Exists}]}}", ["prod"]),
        (
            "{labelSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}",
            ["cm", "web", "reader"],
        ),
        # `kube-system` is not among the resources.
        ("{namespaceSelector: {matchLabels: {env: prod}}}", ["prod", "cm", "reader"]),
        ("{namespaceSelector: {matchLabels: {env: test}}}", ["reader"]),
        ("{source: Generated}", []),
        ("{source: Original}", ALL),
        ("{kinds: [{kinds: [ConfigMap, Deployment]}], excludedNamespaces: [prod]}", ["web"]),
    ],
)
def test_matches(match: str, wanted: list[str]) -> None:
    (policy,) = items(f"{POLICY}  match: {match}\n")
    found = read(policy)
    assert [subject.item.name for subject in subjects(items(ITEMS)) if found.matches(subject)] == wanted


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("  {}", "error"),
        ("  enforcementAction: deny", "error"),
        ("  enforcementAction: warn", "warning"),
        ("  enforcementAction: dryrun", "info"),
        ("  enforcementAction: nonsense", "error"),
        ("  enforcementAction: [warn]", "error"),
    ],
)
def test_severity(spec: str, wanted: str) -> None:
    (policy,) = items(f"{POLICY}{spec}\n")
    assert read(policy).severity == wanted


@pytest.mark.parametrize(
    ("match", "why"),
    [
        ("[]", "`spec.match` must be a mapping"),
        ("{kinds: {}}", "`spec.match.kinds` must be a list"),
        ("{kinds: [1]}", "`spec.match.kinds` must be a mapping"),
        ("{namespaces: [1]}", "`spec.match.namespaces` must be text"),
        ("{name: [a]}", "`spec.match.name` must be text"),
        ("{labelSelector: 1}", "`spec.match.labelSelector` must be a mapping"),
        (
            "{labelSelector: {matchExpressions: [{key: a, operator: Near}]}}",
            "`spec.match.labelSelector.matchExpressions.operator` must be one of In, NotIn, Exists",
        ),
    ],
)
def test_what_cannot_be_understood_is_told(match: str, why: str) -> None:
    (policy,) = items(f"{POLICY}  match: {match}\n")
    with pytest.raises(InvalidDocument) as caught:
        read(policy)
    assert caught.value.reason.startswith(why)
