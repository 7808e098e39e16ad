"""Whom a server knows as the proxy, whichever it is. Pure."""

USER = "www-data"
"""Debian's user for web servers: who connects to apps, and reads what they publish."""
