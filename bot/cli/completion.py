"""`portico completion`: the script that a shell sources to complete commands, options and names."""

import click
from click.shell_completion import ShellComplete, get_completion_class

from bot.errors import InternalError

SHELLS = ("bash", "zsh", "fish")
EPILOG = """\b
Examples:
  source <(portico completion bash)
  portico completion zsh > ~/.zfunc/_portico
  portico completion fish > ~/.config/fish/completions/portico.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of SHELL."""
    kind = get_completion_class(shell)
    if kind is None:
        raise InternalError(f"click does not know the shell {shell}")
    script = kind(context.find_root().command, {}, "portico", "_PORTICO_COMPLETE")
    # The class of bash asks the installed bash for its version first; the script is the same.
    click.echo(ShellComplete.source(script))
