# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How often a table that is half full is cleaned up while neighbours are added.
# value 0
# edit net/core/neighbour.c: s/READ_ONCE(tbl->last_flush) + 5 \* HZ/READ_ONCE(tbl->last_flush) + 0/

runs()
{
	# shellcheck disable=SC2046
	printf '%d\n' 0x$(awk 'NR == 1 { for (i = 1; $i != "forced_gc_runs"; i++); next } { print $i }' \
		/proc/net/stat/arp_cache | head -n 1)
}

ip link add probe0 type veth
ip addr add 10.9.0.1/16 dev probe0
ip link set probe0 arp off up
ip link set veth0 up
before=$(cat /proc/sys/net/ipv4/neigh/default/gc_thresh2)
echo 4 >/proc/sys/net/ipv4/neigh/default/gc_thresh2
first=$(runs)
taskset 1 send 10.9.1.0 20
echo $(($(runs) - first))
echo "$before" >/proc/sys/net/ipv4/neigh/default/gc_thresh2
ip link del probe0
