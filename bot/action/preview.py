"""The packages that a pull request changes, rendered in memory: nothing is checked out or written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.action.report import listed
from bot.git.span import Span
from bot.lifecycle.living import plain
from bot.lifecycle.policy import Policy, read_policy
from bot.packages import validate
from bot.packages.difference import difference, format_markdown
from bot.packages.package import Files
from bot.packages.problem import Problem
from bot.ports import Renderer

MOST_PACKAGES = 200  # that are rendered in one run
MOST_DIFFERENCE = 200_000  # characters of all differences together


class Preview(NamedTuple):
    """A package: what it comes to in a few words, problems by files of the repository, and a difference."""

    path: str
    what: str
    problems: tuple[Problem, ...] = ()
    difference: str = ""


def previews(span: Span, renderer: Renderer) -> list[Preview]:
    """Every package that differs, by the policy of the branch that it is to come into.

    Functions that are not built in run only if that policy, and not the pull request's, allows them.
    """
    policy = read_policy(span.policy())
    paths = span.packages()
    longest = MOST_DIFFERENCE // max(1, min(len(paths), MOST_PACKAGES))
    found = [_preview(span, renderer, policy, path, longest) for path in paths[:MOST_PACKAGES]]
    if len(paths) > MOST_PACKAGES:
        text = f"It changes {len(paths)} packages, and {MOST_PACKAGES} are rendered at once; change fewer."
        found.append(Preview("", "not looked at", (Problem("", text),)))
    return found


def preview_summary(pages: Sequence[Preview]) -> str:
    """All of them in Markdown, in which nothing from outside is markup."""
    parts = [f"**Packages:** {len(pages)} changed" if pages else "No package is changed."]
    for page in pages:
        parts += [f"### {plain(page.path or 'everything')}: {page.what}", listed(map(str, page.problems))]
        parts.append(page.difference)
    return "\n\n".join(filter(None, parts)) + "\n"


def _preview(span: Span, renderer: Renderer, policy: Policy, path: str, longest: int) -> Preview:
    before, after = span.before(path), span.after(path)
    directory = span.layout.full_path(path)
    told = format_markdown(difference(before, after), longest)
    if not after:
        return Preview(path, "removed", (), told)
    what, problems = _judged(after, renderer, policy, directory)
    return Preview(path, what, tuple(problem.below(directory) for problem in problems), told)


def _judged(
    files: Files, renderer: Renderer, policy: Policy, directory: str
) -> tuple[str, Sequence[Problem]]:
    if invalid := validate.problems(files):
        return "not valid", invalid
    rendering = renderer.render(files, policy.functions, policy.rendering)
    if rendering.problems:
        return "cannot be rendered", rendering.problems
    if rendering.changes:
        return "not rendered", list(_unrendered(files, rendering.changes, directory))
    return "valid and rendered", ()


def _unrendered(files: Files, changes: Mapping[str, bytes | None], directory: str) -> Iterator[Problem]:
    """One for each file that rendering would write or remove."""
    advice = f"run `portico fn render --no-status {directory or '.'}`, and commit what it writes."
    for path, content in sorted(changes.items()):
        what = "remove" if content is None else "change" if path in files else "add"
        yield Problem(path, f"It is not rendered: the package's functions would {what} this file; {advice}")
