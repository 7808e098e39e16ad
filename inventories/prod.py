"""The production servers. Copy this file, and `group_data/prod.py` with it, for another environment."""

hosts = [
    ("server.example.com", {"ssh_user": "root"}),
]
