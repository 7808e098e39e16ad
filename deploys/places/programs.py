"""Where programs of ours are that stay on a server. Pure."""

LIBRARY = "/usr/local/lib/gatehouse"
