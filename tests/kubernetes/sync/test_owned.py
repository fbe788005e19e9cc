"""What a manager wrote is cut out of an object as the cluster accounts for it."""

from typing import Any

from bot.kubernetes.owned import owned

ITEM: dict[str, Any] = {
    "metadata": {
        "name": "dns",
        "namespace": "engines",
        "uid": "1",
        "labels": {"ours": "a", "theirs": "b"},
        "finalizers": ["ours/x", "theirs/y"],
    },
    "spec": {
        "interval": "10m",
        "suspend": True,
        "ref": {"tag": "v1"},
        "patches": [{"target": "a"}],
        "rules": [{"name": "one", "is": 1}, {"name": "two", "is": 2}],
        "empty": {},
    },
    "status": {"ready": True},
}
FIELDS: dict[str, Any] = {
    "f:metadata": {
        "f:labels": {"f:ours": {}},
        "f:finalizers": {".": {}, 'v:"ours/x"': {}},
        "f:annotations": {"f:gone": {}},
    },
    "f:spec": {
        "f:interval": {},
        "f:ref": {"f:tag": {}},
        "f:patches": {},
        "f:rules": {'k:{"name":"two"}': {".": {}, "f:is": {}}},
        "f:empty": {},
    },
}


def having(**entry: Any) -> dict[str, Any]:
    told = {"manager": "portico", "operation": "Apply", "fieldsV1": FIELDS, **entry}
    return {**ITEM, "metadata": {**ITEM["metadata"], "managedFields": [told]}}


def test_only_our_fields_are_taken() -> None:
    assert owned(having(), "portico") == {
        "metadata": {
            "name": "dns",
            "namespace": "engines",
            "labels": {"ours": "a"},
            "finalizers": ["ours/x"],
        },
        "spec": {
            "interval": "10m",
            "ref": {"tag": "v1"},
            "patches": [{"target": "a"}],
            "rules": [{"name": "two", "is": 2}],
            "empty": {},
        },
    }


def test_what_others_wrote_or_was_not_applied_is_nobodys() -> None:
    for entry in ({"manager": "kubectl"}, {"operation": "Update"}, {"subresource": "status"}):
        assert owned(having(**entry), "portico") == {}
    assert owned(ITEM, "portico") == {}
