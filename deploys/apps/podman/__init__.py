"""What a release that is an image carries, and what runs it there: rootless podman, in a unit of systemd's.

The release has the image's files as they are, which are root's as all of a release is, and podman runs
them where they lie. It keeps nothing of its own: what it writes down is in memory, which the unit has for
itself and ends with. The app's user is the only one that there is in the container, so that no program with
more rights and no further user of the machine comes into it; a network of its own has nothing but its own
ports, and what leaves it leaves as the app's user, whom the firewall knows.

Standard library only, as it runs by itself there.
"""
