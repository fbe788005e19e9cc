"""format: sort the fields of resources, known ones first, and quote values as Kubernetes reads them."""

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import OLD_BOOLEANS, resolve_tag
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.packages.schema import shape_of
from bot.render.fields import QUOTES
from bot.render.function import Outcome, about

NAME = "format"
FORMATTING = "config.kubernetes.io/formatting"
_STRATEGIES = frozenset({"standard", "none"})

# Fields in the order that people write them; all others follow by the alphabet.
_ORDER = """
    name generateName namespace clusterName apiVersion kind metadata type labels annotations spec status
    stringData data binaryData parallelism completions backoffLimit replicas selector manualSelector
    template ttlSecondsAfterFinished volumeClaimTemplates service serviceName podManagementPolicy
    updateStrategy strategy minReadySeconds revision revisionHistoryLimit paused progressDeadlineSeconds
    restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy serviceAccountName
    serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC shareProcessNamespace
    hostname subdomain schedulerName priorityClassName priority runtimeClassName enableServiceLinks
    nodeSelector hostAliases initContainers containers volumes imagePullSecrets affinity tolerations
    dnsConfig readinessGates image command args workingDir ports envFrom env resources volumeMounts
    volumeDevices livenessProbe readinessProbe lifecycle terminationMessagePath terminationMessagePolicy
    imagePullPolicy securityContext stdin stdinOnce tty clusterIP externalIPs loadBalancerIP
    loadBalancerSourceRanges externalName externalTrafficPolicy sessionAffinity protocol port targetPort
    hostPort containerPort hostIP readOnly mountPath subPath subPathExpr mountPropagation value valueFrom
    fieldRef resourceFieldRef configMapKeyRef secretKeyRef prefix configMapRef secretRef
""".split()  # noqa: SIM905 - a hundred words read better as lines
RANKS = {name: rank for rank, name in enumerate(_ORDER)}

# The kinds, in these versions, whose lists are sorted too.
_SORTED_KINDS = frozenset(
    {
        "CronJob",
        "DaemonSet",
        "Deployment",
        "Job",
        "ReplicaSet",
        "StatefulSet",
        "ValidatingWebhookConfiguration",
    }
)
_SORTED_VERSIONS = frozenset(
    {
        *(f"apps/{version}" for version in ("v1", "v1beta1", "v1beta2")),
        *("batch/v1", "batch/v1beta1", "extensions/v1beta1", "v1"),
        *("admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1"),
    }
)


def format(items: list[Resource], config: Node | None) -> Outcome:  # noqa: A001, ARG001 - its name in the catalog; it takes no config
    """Run over `items`, except those whose annotation `config.kubernetes.io/formatting` is 'none'.

    What is left of it in a pipeline is the quoting, and the order of lists: there keys get their old order
    back, as kpt gives it back after every function.
    """
    warnings: list[Result] = []
    faults: list[Result] = []
    for item in items:
        try:
            if _is_wanted(item):
                if item.root.has_aliases:
                    message = "The resource is not sorted, since its aliases must stay behind their anchors."
                    warnings.append(about(item, message, "warning"))
                else:
                    _format(item)
        except InvalidDocument as error:
            faults.append(
                about(
                    item, error.reason, "error", field=f"metadata.annotations.{FORMATTING}", line=error.line
                )
            )
    if faults:
        return Outcome(items, tuple(faults), 1, faults[0].message)
    return Outcome(items, tuple(warnings))


def _is_wanted(item: Resource) -> bool:
    """Raises InvalidDocument for a strategy that there is not."""
    note = item.root.get("metadata", "annotations", FORMATTING)
    if note is not None and note.value not in _STRATEGIES:
        raise InvalidDocument(
            f"The annotation `{FORMATTING}` must be 'standard' or 'none', but is {quoted(note.value[:80])}.",
            line=note.line,
        )
    return bool(item.api_version and item.kind) and (note is None or note.value != "none")


def _format(item: Resource) -> None:
    root = item.edit()
    if item.kind in _SORTED_KINDS and item.api_version in _SORTED_VERSIONS:
        _sort_lists(root)
    waiting = [(root, shape_of(root))]
    while waiting:
        node, shape = waiting.pop()
        if node.kind is Kind.SCALAR:
            _fix_quotes(node, shape.scalar)
        elif node.kind is Kind.MAPPING:
            _sort_fields(node)
            waiting += [(value, shape.field(key.value)) for key, value in node.pairs()]
        elif node.kind is Kind.SEQUENCE:
            waiting += [(child, shape.item()) for child in node.content]


def _sort_lists(root: Node) -> None:
    """Sort the containers of a pod template by name, and the operations of webhooks' rules."""
    containers = root.get("spec", "template", "spec", "containers")
    if containers is not None and containers.kind is Kind.SEQUENCE:
        containers.content.sort(key=lambda child: child.text("name"))
    for webhook in _items(root.get("webhooks")):
        for rule in _items(webhook.get("rules")):
            _items(rule.get("operations")).sort(key=lambda child: child.value)


def _items(node: Node | None) -> list[Node]:
    return node.content if node is not None and node.kind is Kind.SEQUENCE else []


def _sort_fields(node: Node) -> None:
    pairs = sorted(node.pairs(), key=lambda pair: (RANKS.get(pair[0].value, len(RANKS)), pair[0].value))
    node.content = [child for pair in pairs for child in pair]


def _fix_quotes(node: Node, kind: str) -> None:
    """Quote what must be text and would not be read so; free what must not be text of its quotes.

    Null stays null: kyaml makes it the text "null".
    """
    if not kind or not _is_no_text(node.value):
        return
    if kind == "string" and node.tag != "!!null":
        node.tag = "!!str"
        if not node.style & QUOTES:
            node.style = Style.DOUBLE_QUOTED
    elif kind != "string" and node.style & QUOTES:
        node.style, node.tag = Style.PLAIN, resolve_tag(node.value)


def _is_no_text(text: str) -> bool:
    """Whether plain `text` is no string to a YAML 1.1 reader, as Kubernetes is; it has no timestamps."""
    if not text or "\n" in text:
        return False
    return text in OLD_BOOLEANS or resolve_tag(text) not in {"!!str", "!!timestamp"}
