"""The one question before anything is changed."""

from collections.abc import Callable

from deploys.command.usage import Wrong


def ask(say: Callable[[str], None]) -> None:
    """Wait until the user presses enter.

    Args:
        say: shows a line.

    Raises:
        Wrong: nobody did, or something else was answered.

    """
    say("Press enter to go on; Ctrl-C changes nothing.")
    try:
        answer = input()
    except EOFError:
        raise Wrong("nobody answered, nothing was changed; add --yes to go on without a question") from None
    if answer.strip():
        raise Wrong(f"{answer.strip()!r} is no yes, nothing was changed; just press enter to go on")
