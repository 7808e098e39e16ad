"""What pyinfra reads before all else, even before it connects."""

from deploys import sudo, terminal

terminal.guard()
sudo.guard()
