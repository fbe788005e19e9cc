"""A namespace, a repository that is registered in it, and Portico going round there as a user of its own."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.kubernetes.cluster import Cluster as Line
from bot.kubernetes.connection import connect
from bot.kubernetes.stamp import STAMP, Stamps
from bot.web.cluster_parts import Parts
from bot.web.cluster_settings import ClusterSettings
from bot.web.log import Log
from tests.cli.person import git, publish_file
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.revisions import place, revision

POLICY = "approvals: 1\napprovers: [grace, linus]\n"
# As the admission webhook has them.
STAMPS = Stamps(b"a key that nobody else has")
RIGHTS = (
    ("get,list,watch", "repositories.config.porch.kpt.dev"),
    ("update,patch", "repositories.config.porch.kpt.dev/status"),
    ("get,list,watch,create,update,patch,delete", "packagerevisions.porch.kpt.dev"),
    ("update,patch", "packagerevisions.porch.kpt.dev/status"),
    ("get", "secrets"),
    ("create,patch", "events"),
)

LEASE_RIGHTS = ("get,create,update", "leases.coordination.k8s.io")


class Street:
    """What a test looks at: the cluster through kubectl, the repository `bare` through Git."""

    def __init__(self, cluster: Cluster, namespace: str, bare: Path, home: Path) -> None:
        self.cluster = cluster
        self.namespace = namespace
        self.bare = bare
        self.log = io.StringIO()
        self._home = home
        self.kubeconfig = _kubeconfig(cluster.kubeconfig("portico"), namespace, home)
        for verbs, resource in RIGHTS:
            cluster.grant("portico", namespace, verbs, resource)
        self.restart()

    def restart(self, through: type[Line] = Line, **more: Any) -> None:
        """Have Portico begin anew, with nothing remembered but what it kept on disk."""
        parts = Parts(self.settings(**more), connect(str(self.kubeconfig)))
        self._round = parts.round(through(parts.connection.cluster.api), Log(self.log, lambda: 0.0))
        self._round.identify = STAMPS.read

    def settings(self, **more: Any) -> ClusterSettings:
        """What Portico is started with."""
        told = {"allows_local": True, **more}
        return ClusterSettings(self._home / "cache", str(self.kubeconfig), **told)

    def program(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `portico` as a program of its own, until it ends."""
        known = {"PYTHONPATH": str(Path(__file__).parents[2]), "PORTICO_HOME": str(self._home / "portico")}
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            env={**os.environ, **known, "KUBECONFIG": str(self.kubeconfig)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def go(self) -> list[str]:
        """Let Portico go round once; what could not be done."""
        return self._round.go()

    def kubectl(self, *words: str, user: str = "admin", given: object = None) -> str:
        return self.cluster.kubectl("-n", self.namespace, *words, user=user, given=given)

    def register(self, name: str = "shop", **git_fields: object) -> None:
        """Register a repository, that of the street if no other `repo` is named."""
        told = {"repo": str(self.bare), "branch": "main", **git_fields}
        item = {
            "apiVersion": "config.porch.kpt.dev/v1alpha1",
            "kind": "Repository",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": {"type": "git", "git": told},
        }
        self.kubectl("apply", "-f", "-", given=item)

    def annotate(self, *words: str, name: str = "shop") -> None:
        """Annotate a Repository (`key=value`, `key-`)."""
        self.kubectl("annotate", "--overwrite", "repositories.config.porch.kpt.dev", name, *words)

    def revisions(self) -> dict[str, str]:
        """The lifecycle of every revision that there is an object of, by name."""
        found = self.cluster.request("GET", place(self.namespace)).body["items"]
        return {item["metadata"]["name"]: item["spec"]["lifecycle"] for item in found}

    def revision(self, name: str) -> Any:
        answer = self.cluster.request("GET", place(self.namespace, name))
        return answer.body

    def repository(self, name: str = "shop") -> Any:
        path = f"/apis/config.porch.kpt.dev/v1alpha1/namespaces/{self.namespace}/repositories/{name}"
        return self.cluster.request("GET", path).body

    def lease(self) -> Any:
        path = f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases/portico"
        return self.cluster.request("GET", path).body

    def asked(self, resource: str) -> int:
        """How often Portico has asked for objects of a kind, such as 'secrets'."""
        told = [event["objectRef"] for event in self.cluster.audited("portico")]
        return sum(one["resource"] == resource and one.get("namespace") == self.namespace for one in told)

    def secret(self, name: str, **fields: str) -> None:
        words = [f"--from-literal={key}={value}" for key, value in fields.items()]
        self.kubectl("create", "secret", "generic", name, *words)

    def writes(self) -> int:
        """How often Portico has written anything."""
        verbs = {"create", "update", "patch", "delete"}
        return sum(
            event["verb"] in verbs
            for event in self.cluster.audited("portico")
            if event["objectRef"].get("namespace") == self.namespace
        )

    def ask(self, name: str, lifecycle: str, user: str = "ada") -> None:
        """Have a person write a lifecycle into an object."""
        self.patch(name, {"spec": {"lifecycle": lifecycle}}, user)

    def patch(self, name: str, patch: object, user: str = "ada") -> None:
        text = json.dumps(patch)
        self.kubectl("patch", "packagerevisions.porch.kpt.dev", name, "--type=merge", "-p", text, user=user)

    def order(self, workspace: str, package: str = "dns", *, user: str = "", **spec: Any) -> str:
        """Have a person create an object that asks for a draft, proven to be `user` if one is named."""
        name = f"shop.{package.replace('/', '.')}.{workspace}"
        self.create(name, {"packageName": package, "workspaceName": workspace, **spec}, user=user)
        return name

    def create(self, name: str, spec: Any, *, user: str = "") -> None:
        """Have a person create an object."""
        item = revision(name, **spec)
        if user:
            bare = {**item, "metadata": {"name": name, "namespace": self.namespace}}
            mark = STAMPS.make(bare, user, item["spec"]["lifecycle"])
            item["metadata"]["annotations"] = {STAMP: mark}
        self.kubectl("create", "-f", "-", given=item, user=user or "ada")

    def told(self, name: str) -> tuple[str, str]:
        """What the object says came of the last order: status and message; ('', '') for nothing."""
        found = self.revision(name)
        if found["kind"] != "PackageRevision":
            return "", ""  # it is not there, be it for a moment
        return condition(found, "portico.dev/Obeyed")

    def policy(self, more: str) -> None:
        """Publish the policy with more in it."""
        work = self.bare.with_suffix(".edit")
        (work / ".portico.yaml").write_text(POLICY + more)
        git(work, "commit", "-qam", "policy")
        git(work, "push", "-q", "origin", "HEAD")

    def draft(self, workspace: str = "add-mx", package: str = "dns", extra: str = "") -> None:
        """Push a draft of a package as people do."""
        work = self.bare.with_suffix(".draft")
        if not work.exists():
            git(self.bare.parent, "clone", "-q", str(self.bare), str(work))
        git(work, "fetch", "-q", "origin")
        onto = f"origin/drafts/{package}/{workspace}" if extra else "origin/main"
        git(work, "checkout", "-q", "-B", workspace, onto)
        text = (work / package / "config.yaml").read_text()
        (work / package / "config.yaml").write_text(f"{text}  {workspace}{extra}: value\n")
        git(work, "commit", "-qam", f"change {package}")
        git(work, "push", "-q", "origin", f"HEAD:refs/heads/drafts/{package}/{workspace}")


def with_policy(bare: Path) -> Path:
    publish_file(bare, ".portico.yaml", POLICY)
    return bare


def condition(item: Any, kind: str) -> tuple[str, str]:
    """Status and message of an object's condition; ('', '') for none."""
    found = [one for one in item.get("status", {}).get("conditions", ()) if one["type"] == kind]
    return (found[0]["status"], found[0]["message"]) if found else ("", "")


def _kubeconfig(whole: Path, namespace: str, folder: Path) -> Path:
    """The same file, in which a namespace is the one that is meant."""
    told = json.loads(whole.read_text())
    for context in told["contexts"]:
        context["context"]["namespace"] = namespace
    path = folder / "kubeconfig"
    path.write_text(json.dumps(told))
    return path
