#!/bin/sh
# The machine's first process: takes the job (a tar on the disk "job"), runs it, writes what it left in $OUT as a tar to the disk "out".
export PATH=/usr/bin:/usr/sbin HOME=/root LANG=C.UTF-8 PYTHONPATH=/opt/site PYTHONDONTWRITEBYTECODE=1 ART_BED=/opt/bed OUT=/tmp/out
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null
mount -t tmpfs tmp /tmp; mkdir -p /dev/shm /dev/pts /tmp/job $OUT; mount -t tmpfs shm /dev/shm; mount -t devpts pts /dev/pts
ifconfig lo 127.0.0.1 up
# With a network card the machine has the address that the emulator forwards a port of its host to.
if grep -q network=on /proc/cmdline; then
  for m in failover net_failover virtio_net; do busybox insmod /opt/modules/$m.ko; done; ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
fi
# Disks come in the order in which they answer: they are told apart by serial number.
disk() { for b in /sys/block/nvme*n1; do read -r s < $b/device/serial; [ "$s" = $1 ] && echo /dev/${b##*/}; done; }
cd /tmp/job && tar xf $(disk job) && sh ./run
echo $? > $OUT/rc
cd $OUT && tar cf $(disk out) . && sync
poweroff -f
