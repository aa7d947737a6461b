#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the documentation says, and its examples, for check.sh: see ../docs-test.sh.

exec "$(dirname "${BASH_SOURCE[0]}")/../docs-test.sh" --kernel-build "$KERNELX_BUILD"
