"""What the production servers are to be. Every key is explained in the README and in docs/."""

acme = {
    "email": "ops@example.com",
    # While you try things out: certificates that no browser trusts, and wide limits.
    "directory": "letsencrypt-staging",
}

# Who is told when a renewal or an app fails. NTFY_URL is a variable of your environment.
# alerts = {"webhook": {"url": {"env": "NTFY_URL"}, "format": "ntfy"}}

apps = {
    "shop": {
        "source": "../shop",  # a directory beside this one; what git tracks there is what is released
        "asgi": "shop.main:app",
        "health": {"path": "/health"},
    },
}

sites = {
    "www.example.com": {
        "aliases": ["example.com"],
        "routes": {"/": {"app": "shop"}},
    },
}
