"""What no run can do without: pyinfra's own start, and one command on the host."""

from pyinfra.operations import server

server.shell(name="Do nothing", commands=["true"])
