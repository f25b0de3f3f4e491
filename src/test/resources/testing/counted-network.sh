#!/bin/sh
# Runs a command where every packet to the outside can be counted: in a network namespace of its
# own, whose default route leads through one virtual cable to nowhere.
# Usage: unshare -n counted-network.sh <file for the count> <command> [argument ...]
set -eu
count_file=$1
shift
# Without this the kernel itself sends IPv6 housekeeping.
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link set lo up
ip link add inside type veth peer name outside
ip addr add 192.0.2.1/24 dev inside
ip link set inside up
ip link set outside up
ip route add default via 192.0.2.2
mac=$(ip -o link show outside | sed 's/.*ether \([0-9a-f:]*\).*/\1/')
ip neigh add 192.0.2.2 lladdr "$mac" dev inside
status=0
"$@" || status=$?
sed -n 's/^ *inside: *//p' /proc/net/dev | awk '{print $10}' >"$count_file"
exit $status
