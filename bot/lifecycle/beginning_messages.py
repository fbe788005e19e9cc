"""Every sentence that Portico says about drafts that people ask for by a word."""

from bot.packages.naming import RevisionName, quoted


def begun(name: RevisionName) -> str:
    return f"the draft {name} is there, with you as its author."


def taken(name: RevisionName) -> str:
    return (
        f"The package {quoted(name.path)} has a workspace {quoted(name.workspace)} already; name another one "
        "after `as`."
    )


def there_already(path: str) -> str:
    return (
        f"The package {quoted(path)} is there already; begin its next revision with "
        f"`/copy {path} as <workspace>`."
    )


def nested_with(path: str, other: str) -> str:
    return (
        f"The package {quoted(path)} would lie in the package {quoted(other)}, or around it, and packages "
        "cannot be nested; choose another path."
    )


def copy_of_what() -> str:
    return "On an issue a copy must name its package: `/copy <path>[@v<N>] as <workspace>`."


def said_of_a_change(word: str) -> str:
    return f"`/{word}` is said on a change; on an issue I know `/init`, `/clone`, `/copy` and `/help`."
