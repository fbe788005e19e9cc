"""Where resources name one another: kustomize's table, so that what is renamed is found again."""

from collections import defaultdict
from typing import NamedTuple

from bot.render.fields import Path
from bot.render.fieldspec import FieldSpec, split


class Target(NamedTuple):
    """What is named; an empty group or version is any."""

    kind: str
    group: str = ""
    version: str = ""


class Reference(NamedTuple):
    """A field that names a resource: `spec` says of which referrers, and by which path."""

    target: Target
    spec: FieldSpec


_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"
_WORKLOAD = "spec/template/spec/"
_POD_SPECS = {
    "Pod": "spec/",
    "PodTemplate": "template/spec/",
    "CronJob": "spec/jobTemplate/spec/template/spec/",
    **dict.fromkeys(
        ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController"), _WORKLOAD
    ),
}
_MOUNTING = ("Pod", "PodTemplate", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob")
_RUNNING = ("Pod", "StatefulSet", "Deployment", "ReplicationController", "CronJob", "Job", "DaemonSet")
_NGINX = "metadata/annotations/nginx.ingress.kubernetes.io\\/"
_INGRESS = "spec/rules/http/paths/backend/"


def _containers(key: str, source: str) -> tuple[str, ...]:
    """The environment of containers, from one key of what is named, or from all of it."""
    return tuple(
        f"{containers}/{path}"
        for containers in ("containers", "initContainers")
        for path in (f"env/valueFrom/{key}/name", f"envFrom/{source}/name")
    )


def _in_pods(kinds: tuple[str, ...], *paths: str, pod_version: str = "") -> list[tuple[str, str, str, str]]:
    """Group, version, kind and path of the same fields in every kind's pods."""
    return [
        ("", pod_version if kind == "Pod" else "", kind, _POD_SPECS[kind] + path)
        for kind in kinds
        for path in paths
    ]


_CONFIG_MAP = (
    *_containers("configMapKeyRef", "configMapRef"),
    "volumes/configMap/name",
    "volumes/projected/sources/configMap/name",
)
_SECRET = (
    *_containers("secretKeyRef", "secretRef"),
    "volumes/secret/secretName",
    "volumes/projected/sources/secret/name",
    "imagePullSecrets/name",
)
# By target: group, version, kind and path of the fields that name it.
_TABLE: dict[Target, list[tuple[str, str, str, str]]] = {
    **{
        Target(kind): [("", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name")]
        for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    },
    Target("ConfigMap", "", "v1"): [
        *_in_pods(_MOUNTING, *_CONFIG_MAP, pod_version="v1"),
        ("", "", "Node", "spec/configSource/configMap"),
        ("", "", "Role", "rules/resourceNames"),
        ("", "", "ClusterRole", "rules/resourceNames"),
        ("", "", "Ingress", _NGINX + "fastcgi-params-configmap"),
    ],
    Target("Secret", "", "v1"): [
        *_in_pods(_MOUNTING, *_SECRET, pod_version="v1"),
        ("", "", "Ingress", "spec/tls/secretName"),
        ("", "", "Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"),
        ("", "", "Ingress", _NGINX + "auth-secret"),
        ("", "", "Ingress", _NGINX + "auth-tls-secret"),
        ("", "", "ServiceAccount", "imagePullSecrets/name"),
        ("", "", "StorageClass", "parameters/secretName"),
        ("", "", "StorageClass", "parameters/adminSecretName"),
        ("", "", "StorageClass", "parameters/userSecretName"),
        ("", "", "StorageClass", "parameters/secretRef"),
        ("", "", "Role", "rules/resourceNames"),
        ("", "", "ClusterRole", "rules/resourceNames"),
        (
            "serving.knative.dev",
            "v1",
            "Service",
            "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
        ),
        ("", "", "PersistentVolume", "spec/azureFile/secretName"),
    ],
    Target("Service", "", "v1"): [
        ("apps", "", "StatefulSet", "spec/serviceName"),
        ("", "", "Ingress", _INGRESS + "serviceName"),
        ("", "", "Ingress", "spec/backend/serviceName"),
        ("", "", "Ingress", _INGRESS + "service/name"),
        ("", "", "Ingress", "spec/defaultBackend/service/name"),
        ("apiregistration.k8s.io", "", "APIService", "spec/service/name"),
        (_ADMISSION, "", "ValidatingWebhookConfiguration", "webhooks/clientConfig/service"),
        (_ADMISSION, "", "MutatingWebhookConfiguration", "webhooks/clientConfig/service"),
    ],
    Target("Role", _RBAC): [(_RBAC, "", "RoleBinding", "roleRef/name")],
    Target("ClusterRole", _RBAC): [
        (_RBAC, "", "RoleBinding", "roleRef/name"),
        (_RBAC, "", "ClusterRoleBinding", "roleRef/name"),
    ],
    Target("ServiceAccount", "", "v1"): [
        (_RBAC, "", "RoleBinding", "subjects"),
        (_RBAC, "", "ClusterRoleBinding", "subjects"),
        *_in_pods(_RUNNING, "serviceAccountName"),
    ],
    Target("PersistentVolumeClaim", "", "v1"): _in_pods(_RUNNING, "volumes/persistentVolumeClaim/claimName"),
    Target("PersistentVolume", "", "v1"): [
        ("", "", "PersistentVolumeClaim", "spec/volumeName"),
        ("", "", "ClusterRole", "rules/resourceNames"),
    ],
    Target("StorageClass", "storage.k8s.io", "v1"): [
        ("", "", "PersistentVolume", "spec/storageClassName"),
        ("", "", "PersistentVolumeClaim", "spec/storageClassName"),
        ("", "", "StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
    ],
    Target("PriorityClass", "scheduling.k8s.io", "v1"): _in_pods(_RUNNING, "priorityClassName"),
    # kustomize has a version in this group, so that it never finds one; kept, since kpt writes the same.
    Target("IngressClass", "networking.k8s.io/v1", "v1"): [("", "", "Ingress", "spec/ingressClassName")],
    Target("ValidatingAdmissionPolicy", _ADMISSION): [
        (_ADMISSION, "", "ValidatingAdmissionPolicyBinding", "spec/policyName")
    ],
}
ROLE_REF: Path = ("roleRef", "name")


def _by_kind() -> dict[str, tuple[Reference, ...]]:
    found: defaultdict[str, list[Reference]] = defaultdict(list)
    for target, fields in _TABLE.items():
        for group, version, kind, path in fields:
            spec = FieldSpec(split(path), group=group, version=version, kind=kind)
            found[kind].append(Reference(target, spec))
    return {kind: tuple(references) for kind, references in found.items()}


# By the referrer's kind.
REFERENCES = _by_kind()
