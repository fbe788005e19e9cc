"""The story of a draft's content that somebody wrote as a whole."""

from bot.packages.operations.content import Story

WRITTEN_SUBJECT = "Intermediate commit: push"


def written_story(subject: str = WRITTEN_SUBJECT) -> Story:
    """Porch's story of content that came without another task (facts: Porch §1.4)."""
    return Story(subject, {"type": "push"})
