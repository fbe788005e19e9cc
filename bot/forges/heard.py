"""What a webhook amounts to: look there again. Nothing else of a payload is believed."""

from typing import NamedTuple


class Heard(NamedTuple):
    """Something happened at a repository, which is named as `<owner>/<name>` (with groups, on GitLab).

    `number` is the change that it was about, 0 when it was about a branch (`branch`) or about the whole
    repository (neither). `delivery` is the forge's own id of the message, the same when it comes twice.
    `news_to_others_than` is the login of whoever did it, where it tells them nothing: what they did, they
    followed to its end; '' where it may tell everybody something.
    """

    repository: str
    delivery: str
    number: int = 0
    branch: str = ""
    news_to_others_than: str = ""
