"""What pyinfra reads before all else, even before it connects."""

from deploys import terminal

terminal.guard()
