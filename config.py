"""What pyinfra reads before all else, even before it connects."""

from deploys import pace

pace.keep()
from deploys import sudo, terminal  # noqa: E402  # from here on, what is imported stays compiled
from deploys.command import by_pyinfra, reach  # noqa: E402

terminal.guard()
sudo.guard()
reach.guard()
by_pyinfra.guard()
