#!/bin/sh
# Boots a server; run in its folder, in a mount namespace of its own: every mount made here ends with the server.
# From the environment: MACHINE (unique on the host), HOSTNAME, NAMESPACE, OVERLAY; ROOM, the size of its disk, if
# that has one; LIMITS, the control groups of the old hierarchy that it boots in, if it does.
set -eu

if [ "${ROOM:-}" ]; then
    mkdir -p room
    mount -t tmpfs -o "size=$ROOM,nr_inodes=60k,mode=755" tmpfs room
    cp --archive upper work room/
fi
mount -t overlay -o "$OVERLAY" overlay root

# Only its own network stays in sight: a namespace that is held here could not be removed by the host.
touch network
mount --bind "/run/netns/$NAMESPACE" network
umount --recursive --lazy /run/netns
# nspawn keeps files under /run by machine; here they end with the server, too.
mount -t tmpfs tmpfs /run
# nspawn takes the modes of devices from here; on a server, udev lets everybody have this one.
if [ -e /dev/net/tun ]; then
    mknod --mode=666 /run/tun c 10 200
    mount --bind /run/tun /dev/net/tun
fi

# Debian 13's systemd boots on the unified hierarchy only.
if [ "${LIMITS:-}" ]; then
    for group in $LIMITS; do
        mkdir -p "$group"
        echo $$ > "$group/cgroup.procs"
    done
    export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=0
elif [ "$(stat --file-system --format=%T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount --recursive /sys/fs/cgroup
    mount -t cgroup2 none /sys/fs/cgroup
fi

# API_VFS_WRITABLE: firewalls and sysctl work inside. LOCK: no lock file beside the root; the lab starts a server once.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_NSPAWN_LOCK=0
# timezone: a bind-mounted /etc/localtime would break tzdata's installation.
exec systemd-nspawn \
    --directory="$PWD/root" --machine="$MACHINE" --hostname="$HOSTNAME" --boot \
    --register=no --keep-unit --settings=no \
    --network-namespace-path="$PWD/network" --resolv-conf=off \
    --timezone=off --link-journal=no --console=read-only \
    --capability=CAP_NET_ADMIN,CAP_NET_RAW
