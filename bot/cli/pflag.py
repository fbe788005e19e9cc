"""Command lines as kpt takes them: `-o=stdout`, `--save=true`, and its options for clusters and logs."""

from collections.abc import Iterator

import click

_TRUE, _FALSE = frozenset({"true", "t", "1"}), frozenset({"false", "f", "0"})
# kpt's own, of its connection to clusters and of its log, with their values.
_IGNORED = frozenset({"-v", "--v", "--kubeconfig", "--log-flush-frequency"})
_DASHES = "--"


class PflagCommand(click.Command):
    """A command whose options may be written in each of the ways that Go's pflag knows."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write the options in the one way that click knows."""
        return super().parse_args(ctx, list(self._rewritten(args)))

    def _rewritten(self, args: list[str]) -> Iterator[str]:
        flags = {name for option in self._options() if option.is_flag for name in option.opts}
        bare = {name for option in self._options() if option.flag_value is True for name in option.opts}
        waiting = list(args)
        while waiting:
            word = waiting.pop(0)
            if word == _DASHES:
                yield from (word, *waiting)
                return
            name, equals, value = word.partition("=")
            if name in _IGNORED:
                if not equals and waiting:
                    waiting.pop(0)
            elif equals and name in flags and value.lower() in _TRUE | _FALSE:
                yield from (name,) if value.lower() in _TRUE else ()
            elif not equals and name in bare and name not in flags:
                yield f"{name}=true"
            elif equals and len(name) == 2 and name[0] == "-" and name[1].isalpha():
                yield from (name, value)
            else:
                yield word

    def _options(self) -> list[click.Option]:
        return [param for param in self.params if isinstance(param, click.Option)]
