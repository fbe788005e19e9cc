"""Libraries that come with an extra, and what to install where one is not there."""

_EXTRAS = {
    "cheroot": "kubernetes",
    "docker": "containers",
    "flask": "serve",
    "github": "github",
    "gitlab": "gitlab",
    "kubernetes": "kubernetes",
    "prometheus_client": "serve",
    "redis": "redis",
    "waitress": "serve",
}


def lacking(error: ModuleNotFoundError) -> str:
    """What a person can install, '' where what was not found is no library of an extra."""
    library = (error.name or "").partition(".")[0]
    if not (extra := _EXTRAS.get(library)):
        return ""
    return f"This needs the library `{library}`; install it with `pip install 'portico[{extra}]'`."
