"""Where this world knows better than its witnesses, each place with its reason."""

# What the examples always had and ours leave out.
LEFT_OUT: tuple[tuple[str, str], ...] = ()
# What no example had, or had otherwise.
NEWER: tuple[tuple[str, str], ...] = ()
# What holds whatever changed.
ANY_KEYS = (".changes.",)
