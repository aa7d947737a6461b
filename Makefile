# SPDX-License-Identifier: GPL-2.0
# KernelX front door: "make help" lists what there is. A target that is not known
# here goes to the prepared kernel tree.

MAKEFLAGS += -rR --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := help

ifneq ($(words $(CURDIR)),1)
$(error kbuild cannot work below a path with spaces: move $(CURDIR) elsewhere)
endif
ifneq ($(findstring :,$(CURDIR)),)
$(error kbuild cannot work below a path with a colon: move $(CURDIR) elsewhere)
endif

KERNEL ?= 6.12
KERNEL_SRC ?=
CONFIG ?= vm
ARCH ?= x86_64

# Options of this front door; anything else given on the command line goes on to
# the kernel's make.
own-variables := KNOB KERNEL KERNEL_SRC CONFIG JOBS CMD SMP MEM APPEND TIMEOUT THREAD CPU DISK HOSTDIR TESTS

# A word as the shell reads it back.
quote = '$(subst ','\'',$(1))'

build := $(CURDIR)/build
scripts := $(CURDIR)/scripts/kernelx
testing := $(CURDIR)/tools/testing/kernelx

ifeq ($(KERNEL_SRC),)
base := $(KERNEL)
from := --kernel $(KERNEL)
else
base := $(shell $(scripts)/base-name.sh $(call quote,$(KERNEL_SRC)))
from := --source $(call quote,$(KERNEL_SRC))
endif
tree := $(build)/$(base)/tree
# What another compiler made is elsewhere: LLVM=1 in vm-llvm, CC=gcc-14 in vm-gcc-14.
toolchain := $(if $(LLVM),llvm$(subst /,-,$(patsubst 1,,$(LLVM))),$(if $(filter command,$(origin CC)),$(filter-out gcc,$(notdir $(lastword $(CC))))))
output := $(build)/$(base)/$(if $(filter x86_64,$(ARCH)),,$(ARCH)-)$(CONFIG)$(addprefix -,$(toolchain))
kconst := $(build)/host/kconst

fragments-vm :=
fragments-off := kernelx_off
fragments-debug := kernelx_debug
fragments-kcsan := kernelx_kcsan
fragments-generic := kernelx_generic
fragments := $(patsubst %,$(CURDIR)/kernel/configs/%.config,kernelx_vm $(fragments-$(CONFIG)))
ifeq ($(ARCH)-$(origin fragments-$(CONFIG)),x86_64-undefined)
$(error CONFIG=$(CONFIG) is not known: give vm, off, generic, debug or kcsan)
endif

# The kernel's make must not get our own options, nor our flags.
given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $(v))),$(v)))
passed = $(foreach v,$(filter-out $(own-variables) ARCH,$(given)),$(v)=$(call quote,$($(v))))
JOBS ?= $(or $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))),$(shell nproc))
ifeq ($(filter CC LLVM CROSS_COMPILE,$(given)),)
ifneq ($(shell command -v ccache),)
compiler := CC="ccache gcc" HOSTCC="ccache gcc"
endif
endif
ifeq ($(filter CC LLVM KCFLAGS,$(given)),)
# Where variables live is of no use without a debugger, and costs a fifth of the time.
debug-info := KCFLAGS=-fno-var-tracking
endif
# The kernel's make, in the tree $(1) with the build directory $(2).
kmake-in = env -u MAKEFLAGS -u MAKEOVERRIDES -u MAKELEVEL -u MFLAGS \
	$(foreach v,$(own-variables),-u $(v)) \
	CCACHE_DEPEND=1 $(debug-info) KBUILD_BUILD_USER=kernelx KBUILD_BUILD_HOST=kernelx \
	KBUILD_BUILD_TIMESTAMP="$$(LC_ALL=C date -u -r $(tree)/MAINTAINERS)" \
	$(MAKE) --no-print-directory -C $(1) O=$(2) ARCH=$(ARCH) $(compiler) $(passed)
kmake = $(call kmake-in,$(tree),$(output))
# One at a time in a build directory.
alone = $(scripts)/exclusive.sh $(1)
# Object code that does not depend on where it is made, nor on how often.
exact = KCFLAGS="-fno-var-tracking -fdebug-prefix-map=$(1)=. -fdebug-prefix-map=$(2)=." \
	KAFLAGS="-Wa$(comma)--debug-prefix-map=$(1)=. -Wa$(comma)--debug-prefix-map=$(2)=." \
	KBUILD_BUILD_VERSION=1
comma := ,
pristine-tree := $(build)/$(base)/pristine-tree
pristine-output := $(build)/$(base)/pristine-$(CONFIG)$(addprefix -,$(toolchain))
pristine-kmake = $(call kmake-in,$(pristine-tree),$(pristine-output))
make-pristine = $(scripts)/pristine.sh --build $(build) --base $(base) --config $(output)/.config \
	--output $(pristine-output) -- $(pristine-kmake)

option-SMP := --smp
option-MEM := --mem
option-APPEND := --append
option-TIMEOUT := --timeout
option-THREAD := --thread
option-CPU := --cpu
option-DISK := --disk
run-vm = $(testing)/vm.sh --kernel-build $(output) \
	$(foreach v,SMP MEM APPEND TIMEOUT THREAD CPU DISK,$(if $($(v)),$(option-$(v)) $(call quote,$($(v))))) \
	$(if $(HOSTDIR),--file $(call quote,$(HOSTDIR):/host))

targets := help tools install packages fetch prepare kernelx-config build compiled-in vm vm-options vm-tools check check-vm check-debug check-identical compare-with-pristine pristine demo probe-knob probe spans bench clean distclean
.PHONY: $(targets)

help:
	@sed -n 's/^#? \{0,1\}//p' $(CURDIR)/Makefile

#? KernelX: performance constants of Linux as runtime knobs
#?
#?   make demo          everything from nothing to a turned knob, and its effect
#?   make check         all tests (TESTS='name...': some)
#?   make check-debug   the VM tests on kernels with lockdep and KASAN, with KCSAN, and
#?                      with variables instead of sites
#?   make check-identical  with CONFIG_KERNELX=n, all object code is the base's
#?   make bench         measurements, beside a build of the base without KernelX
#?
#?   make spans         where the values of all knobs go
#?   make spans KNOB=mm/shrink_batch   the code of one, with its spans marked
#?   make probe KNOB=mm/shrink_batch   what the probe of one observes, without and with its value
#?
#?   make vm            a shell in a VM that runs the kernel; kx and the policies are there
#?   make vm CMD='...'  run a command there: its output. Make ends with 2 if it fails and
#?                      names the status; tools/testing/kernelx/vm.sh ends with it:
#?                      124 is a time-out, 254 a kernel splat, 255 a panic
#?       SMP=2 MEM=1G APPEND='kernel parameters' TIMEOUT=300 DISK=256M (ext4 on /mnt)
#?       HOSTDIR=dir (copied to /host) THREAD=single|multi CPU=max
#?
#?   make build         kernel and modules, in build/<base>/<config>
#?   make compiled-in   a kernel without KernelX, with the values of the probes compiled in
#?   make tools         kx and libkernelx, in build/<base>/tools
#?   make install       ... installed (prefix=/usr/local DESTDIR=)
#?   make prepare       base kernel with overlay, patches and catalogue
#?   make fetch         base kernel only
#?   make packages      install the Debian packages that are missing
#?   make clean         remove what was built of the chosen base; distclean: of all, with downloads
#?   make <other>       a target of the prepared kernel tree: menuconfig, bzImage,
#?                      bindeb-pkg, M=dir modules, ...
#?
#? Variables of all of these
#?   KERNEL=6.12|7.3    base kernel, from Debian's linux-source packages (6.12)
#?   KERNEL_SRC=path    a kernel tree or tarball of yours instead; it is not changed
#?   CONFIG=vm          vm, off (CONFIG_KERNELX=n), generic (variables), debug, kcsan
#?   JOBS=n             parallel jobs (all CPUs)
#?   LLVM=1, CC=gcc-14  another compiler, as kbuild takes it; builds in a directory of its own

packages:
	@$(scripts)/packages.sh

fetch: packages
	@$(scripts)/fetch.sh --build $(build) --base $(base) $(from)

$(kconst): $(wildcard scripts/kernelx/*.c scripts/kernelx/*.h)
	@mkdir -p $(@D)
	@$(or $(HOSTCC),cc) -O2 -Wall -Wextra -o $@.partial $(filter %.c,$^) && mv $@.partial $@

catalogue := $(if $(wildcard Kconst),$(kconst))

prepare: fetch $(catalogue)
	@$(scripts)/prepare.sh --build $(build) --base $(base) $(if $(catalogue),--kconst $(kconst))

# Options come and go with the Kconfig files of the overlay and the patches.
kconfig-key = $$(find $(CURDIR) -path $(build) -prune -o \( -name "Kconfig*" -o -name "*.patch" \) -print0 | sort -z | xargs -0 -r cat | cksum)

kernelx-config: prepare
ifeq ($(ARCH),x86_64)
	@$(call alone,$(output)) $(scripts)/config.sh --output $(output) --key "$(kconfig-key)" $(addprefix --fragment ,$(fragments)) -- $(kmake)
endif

build: kernelx-config
	@$(call alone,$(output)) $(scripts)/progress.sh $(output)/build.log $(kmake) -j$(JOBS) vmlinux modules

# What a live kernel is compared with (make check TESTS=compiled-in-test).
compiled-in: build
	@$(testing)/compiled-in.sh --kernel-build $(output) --jobs $(JOBS)

# Tools of the host: kx is written on the libbpf of the base.
tools-make = $(MAKE) -j$(JOBS) -C $(CURDIR)/tools/kernelx TREE=$(tree) OUTPUT=$(build)/$(base)/tools

tools: prepare
	@$(tools-make)

install: prepare
	@$(tools-make) install

# An option that is wrong should not be found after the build.
vm-options:
	@$(run-vm) --check

# kx and the policies, for whoever is in the machine: a program that needs no library there.
vm-kx = $(output)/kx-vm
vm-tools: build
	+@$(MAKE) -s -C $(CURDIR)/tools/kernelx TREE=$(tree) OUTPUT=$(vm-kx) STATIC=1 CFLAGS=-O2 LDFLAGS=-s

vm: vm-options build vm-tools
	@$(run-vm) --file $(call quote,$(vm-kx)/kx:/kernelx/bin/kx) \
		$(if $(wildcard $(vm-kx)/policies/*.bpf.o),--file $(call quote,$(vm-kx)/policies:/root)) $(if $(CMD),-- "$$CMD")
vm: override export CMD := $(value CMD)

check: build
	@$(testing)/check.sh --kernel-build $(output) $(TESTS)

check-debug:
	@$(MAKE) check-vm CONFIG=debug
	@$(MAKE) check-vm CONFIG=kcsan
	@$(MAKE) check-vm CONFIG=generic

check-identical:
	@$(MAKE) CONFIG=off compare-with-pristine

compare-with-pristine: kernelx-config
	@$(make-pristine)
	@$(call alone,$(output)) $(scripts)/progress.sh $(output)/build.log $(kmake) $(call exact,$(tree),$(output)) -j$(JOBS) vmlinux modules
	@$(call alone,$(pristine-output)) $(scripts)/progress.sh $(pristine-output)/build.log $(pristine-kmake) \
		$(call exact,$(pristine-tree),$(pristine-output)) -j$(JOBS) vmlinux modules
	@$(testing)/identical.sh --off $(output) --pristine $(pristine-output)

check-vm: build
	@$(testing)/check.sh --vm-only --kernel-build $(output) $(TESTS)

demo: build
	@$(testing)/demo.sh --kernel-build $(output)

# For who writes a probe.
probe-knob:
	@$(if $(KNOB),,echo "which knob? make probe KNOB=mm/shrink_batch" >&2; exit 2)

probe: probe-knob build
	@$(testing)/probe.sh --kernel-build $(output) $(call quote,$(KNOB))

spans: build
	@$(scripts)/spans.sh --kernel-build $(output) $(if $(KNOB),--knob $(call quote,$(KNOB)))

pristine: kernelx-config
	@$(make-pristine)
	@$(call alone,$(pristine-output)) $(scripts)/progress.sh $(pristine-output)/build.log $(pristine-kmake) -j$(JOBS) vmlinux modules

bench: build pristine
	@$(testing)/bench.sh --kernel-build $(output) --pristine-build $(pristine-output)

clean:
	rm -rf $(output) $(build)/$(base)/tools $(build)/$(base)/compiled-in*

distclean:
	rm -rf $(build)

# All others are the kernel's. Those that make a configuration do not need one.
others := $(filter-out $(targets) $(kconst),$(MAKECMDGOALS))
.PHONY: $(others)

$(filter %config,$(others)): prepare
	@$(call alone,$(output)) $(kmake) $@

$(filter-out %config,$(others)): kernelx-config
	@$(call alone,$(output)) $(kmake) -j$(JOBS) $@
