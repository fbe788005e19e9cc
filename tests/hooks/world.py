"""A plain Git server with hooks and people who clone and push: real repositories, real `git push`."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from bot.hooks.install import install

POLICY = "approvals: 1\napprovers: [grace, linus]\n"
PEOPLE = """identity: [gitolite]
people:
  ada: {name: Ada Lovelace, email: ada@example.com}
  grace: {name: Grace Hopper, email: grace@example.com}
  linus: {name: Linus T, email: linus@example.com}
  root: {name: Root, email: root@example.com}
admins: [root]
"""
KPTFILE = """apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: {name}
pipeline:
  mutators:
  - image: ghcr.io/kptdev/krm-functions-catalog/set-namespace:v0.4.1
    configMap:
      namespace: {namespace}
"""
CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: somewhere
data:
  a: b
"""


@dataclass
class Answer:
    """What `git push` came to: `text` is all that the person saw."""

    ok: bool
    text: str
    code: int = 0

    def __str__(self) -> str:
        return self.text


def run(*words: str | Path, cwd: Path, env: dict[str, str] | None = None, check: bool = True) -> Answer:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "LC_ALL": "C"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**clean, **quiet, **(env or {})},
        text=True,
        errors="replace",
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    answer = Answer(done.returncode == 0, done.stdout + done.stderr, done.returncode)
    assert answer.ok or not check, f"{words}: {answer}"
    return answer


@dataclass
class Server:
    """A bare repository with Portico's hooks."""

    path: Path

    def git(self, *words: str, check: bool = True) -> str:
        return run("git", "--git-dir", self.path, *words, cwd=self.path.parent, check=check).text.strip()

    def refs(self, pattern: str = "refs/") -> dict[str, str]:
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)", pattern).splitlines()
        return {name: oid for name, oid in (line.split() for line in lines) if name != "refs/portico/server"}

    def show(self, what: str) -> str:
        return run("git", "--git-dir", self.path, "show", what, cwd=self.path.parent).text


@dataclass
class Human:
    """One person with one clone."""

    login: str
    clone: Path
    server: Server
    env: dict[str, str] = field(default_factory=dict)

    def git(self, *words: str, check: bool = True) -> Answer:
        return run("git", *words, cwd=self.clone, env={"GL_USER": self.login, **self.env}, check=check)

    def write(self, path: str, content: str | bytes) -> None:
        place = self.clone / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)

    def package(self, path: str, *, namespace: str = "team", items: int = 1) -> None:
        self.write(f"{path}/Kptfile", KPTFILE.format(name=path.rpartition("/")[2], namespace=namespace))
        for number in range(items):
            self.write(f"{path}/item-{number}.yaml", CONFIG_MAP.format(name=f"item-{number}"))

    def commit(self, message: str = "change") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.head()

    def head(self, ref: str = "HEAD") -> str:
        return self.git("rev-parse", ref).text.strip()

    def start(self, branch: str = "work") -> None:
        """Begin anew from the server's main."""
        self.git("fetch", "-q", "--prune", "origin")
        self.git("checkout", "-q", "-B", branch, "origin/main")

    def push(self, *words: str, check: bool = True) -> Answer:
        return self.git("push", "origin", *words, check=check)

    def draft(self, path: str, workspace: str, *, check: bool = True) -> Answer:
        return self.push(f"HEAD:refs/heads/drafts/{path}/{workspace}", check=check)

    def ask(self, word: str, name: str, commit: str = "", *options: str, check: bool = True) -> Answer:
        """Push to a magic ref; without a commit the one that stands on the server now."""
        target = commit or self.standing(name)
        return self.push(*options, f"{target}:refs/portico/{word}/{name}", check=check)

    def standing(self, name: str) -> str:
        self.git("fetch", "-q", "--prune", "--tags", "--force", "origin")
        for ref in (f"origin/drafts/{name}", f"origin/proposed/{name}", f"refs/tags/{name}"):
            found = self.git("rev-parse", "-q", "--verify", f"{ref}^{{commit}}", check=False)
            if found.ok:
                return found.text.strip()
        raise AssertionError(f"nothing stands under {name}")


@dataclass
class World:
    """A server, and people by login."""

    server: Server
    home: Path
    policy: str = POLICY
    people: dict[str, Human] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Human:
        if login not in self.people:
            clone = self.home / login
            run("git", "clone", "-q", self.server.path, clone, cwd=self.home)
            human = Human(login, clone, self.server)
            human.git("config", "user.name", login.title())
            human.git("config", "user.email", f"{login}@example.com")
            self.people[login] = human
        return self.people[login]


def make_world(home: Path, *, policy: str | None = POLICY, resident: bool = False) -> World:
    """Make a server whose main holds a README and the policy, pushed by its admin through the hooks."""
    path = home / "packages.git"
    run("git", "init", "-q", "--bare", "-b", "main", path, cwd=home)
    install(path, resident=resident)
    (path / "portico" / "server.yaml").write_text(PEOPLE)
    world = World(Server(path), home, policy or "")
    root = world["root"]
    root.git("checkout", "-q", "-b", "main")
    root.write("README.md", "# Packages\n")
    if policy is not None:
        root.write(".portico.yaml", policy)
    root.commit("Begin")
    root.push("HEAD:refs/heads/main")
    return world


def published(world: World, path: str, workspace: str, **content: str | int) -> str:
    """Take a package through its life to a published revision; returns the merge commit."""
    ada, grace = world["ada"], world["grace"]
    ada.start()
    ada.package(path, **content)  # type: ignore[arg-type] # the keywords of `package`
    ada.commit(f"{path} {workspace}")
    ada.draft(path, workspace)
    ada.ask("propose", f"{path}/{workspace}")
    grace.ask("approve", f"{path}/{workspace}")
    return world.server.refs()["refs/heads/main"]
