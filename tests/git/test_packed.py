"""Looking up packed refs finds what reading the whole file finds."""

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.git.packed import packed_below

SEGMENTS = st.sampled_from(["a", "b", "aa", "a-b", "a0", "z", "v1", "v10", "v2"])
NAMES = st.lists(SEGMENTS, min_size=1, max_size=4).map(lambda parts: "refs/tags/" + "/".join(parts))
HEADER = "# pack-refs with: peeled fully-peeled sorted \n"


@given(
    refs=st.dictionaries(NAMES, st.booleans(), max_size=40),
    prefix=st.one_of(
        NAMES, NAMES.map(lambda name: name + "/"), st.sampled_from(["refs/", "refs/tags/", "x"])
    ),
    is_sorted=st.booleans(),
    ended=st.booleans(),
)
def test_every_ref_below_a_prefix_is_found_and_no_other(
    tmp_path_factory: object, refs: dict[str, bool], prefix: str, *, is_sorted: bool, ended: bool
) -> None:
    folder = Path(str(tmp_path_factory.mktemp("packed")))  # type: ignore[attr-defined] # pytest's factory
    names = sorted(refs) if is_sorted else list(refs)
    lines = [HEADER if is_sorted else "# pack-refs with: peeled \n"]
    for number, name in enumerate(names):
        lines.append(f"{number:040x} {name}\n" + (f"^{number:040x}\n" if refs[name] else ""))
    text = "".join(lines)
    (folder / "packed-refs").write_text(text if ended else text.removesuffix("\n"))
    found = [name.decode() for name, _ in packed_below(str(folder), prefix)]
    assert found == [name for name in names if name.startswith(prefix)]


def test_git_s_own_file_is_read(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "x")
    for number in range(50):
        git("tag", *(("-a", "-m", "x") if number % 3 else ()), f"net/dns/v{number}")
        git("tag", f"net/dns-{number}")
    git("pack-refs", "--all")
    wanted = dict(
        line.split()
        for line in git(
            "for-each-ref", "--format=%(refname) %(objectname)", "refs/tags/net/dns/"
        ).splitlines()
    )
    found = {
        name.decode(): oid.decode()
        for name, oid in packed_below(str(tmp_path / ".git"), "refs/tags/net/dns/")
    }
    assert found == wanted
    assert list(packed_below(str(tmp_path), "refs/")) == []
