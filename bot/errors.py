"""What can go wrong, as one tree, so that a front door needs to know only two kinds.

PorticoError
├── UserError              a person can mend it: shown as one sentence, exit code 1
│   ├── InvalidName        a name, path or ref that is not one
│   ├── InvalidDocument    YAML that cannot be read, with file and line
│   ├── InvalidPolicy      a policy or settings file that does not say what it must
│   ├── NotFound           something was named that is not there
│   ├── Refused            the lifecycle does not allow it now
│   │   └── Outdated       a forge merges only what holds all of the branch, and this does not
│   ├── Moved              somebody else was faster; decide again
│   ├── Later              the forge asks to wait; nothing was done, ask again then
│   ├── Unsigned           a message that came in without a signature that is known
│   ├── NotRun             a function's program could not be run, or was stopped at one of its bounds
│   ├── TransportFailed    the `git` program could not reach or change a repository
│   │   └── AccessDenied   the repository was reached, but not with these credentials
│   └── WorkerFailed       a process that ran others' programs exceeded its bounds, or crashed
└── InternalError          ours: logged with an id that the person sees, exit code 3
"""


class PorticoError(Exception):
    """Everything that this program raises on purpose."""


class UserError(PorticoError):
    """What a person can mend; its text says what happened and what to do."""


class InvalidName(UserError):
    """A name, path or ref that is not one."""


class InvalidDocument(UserError):
    """A document that cannot be read.

    `path` is the file as the person knows it ('' if unknown), `line` counts from 1 (0 if unknown),
    `reason` is the sentence without its place, `kpt` what kpt says instead ('' if that is not known).
    """

    def __init__(self, reason: str, *, path: str = "", line: int = 0, kpt: str = "") -> None:
        place = f"{path}:{line}" if path and line else path or (f"line {line}" if line else "")
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.path = path
        self.line = line
        self.kpt = kpt


class InvalidPolicy(UserError):
    """A policy or settings file that does not say what it must."""


class NotFound(UserError):
    """Something was named that is not there."""


class Refused(UserError):
    """The lifecycle does not allow it now."""


class Outdated(Refused):
    """A forge merges only what holds everything that is on the branch, and this does not."""


class Moved(UserError):
    """A ref was not where the decision had found it; gather the facts and decide again."""


class Later(UserError):
    """A forge asks to wait, or cannot answer just now; `seconds` is how long, 0 if it does not say."""

    def __init__(self, reason: str, seconds: float = 0) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Unsigned(UserError):
    """A message whose signature is missing, or by no secret that is known; nothing of it was read."""


class NotRun(UserError):
    """A function's program could not be run, or was stopped at one of its bounds.

    `exit_code` is what a shell would say: 124 out of time, 125 the engine's fault, 126 and 127 no program
    that can be run, 137 killed.
    """

    def __init__(self, reason: str, exit_code: int = 125) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


class TransportFailed(UserError):
    """The `git` program could not reach or change a repository."""


class AccessDenied(TransportFailed):
    """A repository was reached, and did not accept the credentials, or wanted some."""


class WorkerFailed(UserError):
    """A process that ran others' programs exceeded a bound, or crashed; the text says only that."""


class InternalError(PorticoError):
    """A fault of this program."""
