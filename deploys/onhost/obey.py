"""On the host: whoever heeds marks only when it is told to is told, and has done so when this comes back."""

import os

from deploys.onhost import run


def main(commands: run.Commands) -> None:
    """Run those of the commands that are there: who is not there has nothing to heed."""
    for command in commands:
        if os.path.exists(command[0]):
            run.output(*command, what="what the marks say has not been carried out")
