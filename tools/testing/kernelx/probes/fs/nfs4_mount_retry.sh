# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long a mount waits for a server that is not ready (NFS4ERR_DELAY), until that says
# that it does not know this version (NFS4ERR_MINOR_VERS_MISMATCH).
# value 2
# module nfsv4
# edit fs/nfs/nfs4state.c: /^int nfs4_discover_server_trunking(/,/^}/s/\<ssleep(1)/ssleep(2)/

watch_call msleep 'ms=$arg1:u32'
nfs "$work" 10008 10021
seen | grep from=nfs4_discover_server_trunking | fields ms
