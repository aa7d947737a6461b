#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The name under build/ of a kernel tree or tarball of the user's: the last part of
# its path, and a checksum of all of it.
#
# usage: base-name.sh PATH

set -eu

path=$(realpath -m "$1")
name=$(basename "$path" | sed 's/\.tar\..*$//; s/\.tgz$//; s/[^A-Za-z0-9._-]/_/g')
echo "src-$name-$(cksum <<<"$path" | cut -d ' ' -f 1)"
