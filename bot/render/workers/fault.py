"""What a program did wrong."""


class Fault(Exception):
    """What a program did wrong, or asked for that is not to be had here: one sentence."""
