"""Within a release: what stands between the app and its server.

This package is copied into each release as `gatehouse_server`, so its imports are relative. It takes the
app from the variable GATEHOUSE_ASGI or GATEHOUSE_WSGI, and its prefix from GATEHOUSE_PREFIX. Python runs
the directory that has it, by its path: the app's own PYTHONPATH, whatever it says, hides nothing of it.
"""
