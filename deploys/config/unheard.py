"""Words of other tools for which there is no key here, and what to write in place of them. Pure."""

_ROUTE = 'write a site: sites = {"www.example.com": {"routes": {"/": {"app": …}}}}'
_SOURCE = 'write it into the source: "source": {…}'
_SNIPPET = 'there is no setting for it: write it in the proxy\'s own language, into a file for "snippets"'
_ALWAYS = "remove it: that is so without a setting"
_DEBIAN = "there is no setting for it: docs/operations.md tells how a server gets a Debian package"
_ELSEWHERE = "gatehouse runs none: install it on the server, or beside it, and name it in reach"
_USER = "remove it: each app has a user of its own"
_HOST = "write it into the inventory, which docs/servers.md tells of"

_SAID = {
    _ROUTE: "domain domains fqdn hostname hostnames virtual_host virtual_hosts vhost",
    _SOURCE: "branch git image ref repo repository wheel",
    _SNIPPET: (
        "add_header allow allowed_ips allowlist auth auth_basic basic_auth basicauth custom_headers deny "
        "extra_headers headers htpasswd ip_whitelist response_headers whitelist"
    ),
    _ALWAYS: (
        "accept_tos agree_tos auto_ssl autorestart force_https force_ssl forward_headers http2 https "
        "https_redirect letsencrypt restart restart_policy ssl_redirect tls_redirect websocket websockets"
    ),
    _DEBIAN: "apt apt_packages debian_packages packages system_packages",
    _ELSEWHERE: (
        "accessories database databases db depends_on links mysql postgres postgresql rabbitmq redis valkey"
    ),
    _USER: "gid group run_as uid user",
    _HOST: "ansible_host ansible_user hosts inventory ssh ssh_key ssh_port ssh_user",
    'write "dependencies": {"listed_in": …}': "pip_requirements requirements requirements_file",
    'write "indexes": {"default": …} or {"extra": […]}': "extra_index_url index_url pip_index_url pypi",
    "have the app answer it, as by a middleware: the proxy passes it on": "cors cors_origins",
    'write "directory": "letsencrypt-staging"': "staging test testing",
    'write it into "processes"': "celery celery_beat sidekiq supervisor",
    'write "hooks": {"before": […]}': "migrate migration migrations release_command",
    'write a route to files: "/static/": {"files": "static", "release_of": …}': "assets media static statics",
    'write it into "env"': "debug django_settings_module log_level settings settings_module",
    'write the zone at the end of the schedule, or TZ into "env"': "timezone tz",
    'write the app as "asgi" or "wsgi"': "app_module application entrypoint module",
    'write "recycle_after"': "max_requests",
    "the journal has what an app writes, and the proxy a line for each request; there is no setting": (
        "access_log error_log log log_file log_format logfile logging logs"
    ),
}

UNHEARD = {word: remedy for remedy, words in _SAID.items() for word in words.split()}
"""By the word, what to write."""

NO_SLIPS = {"http2"}
"""Words that are like a key, and mean something else."""
