# SPDX-License-Identifier: GPL-2.0
# Prints the lines of a kernel log that tell of a bug; for any awk.
#
# KCSAN also reports data races that the base kernel has on its own, in timers and
# elsewhere. Those count in which KernelX takes part: one of its functions is among
# those that made one of the accesses, not merely interrupted by it, nor asleep: what
# puts a task to sleep is the base. Nor in the program of a policy,
# which is BPF's, in a probe on one of them, or when a task of ours ends.

/BUG: KCSAN: / {
	report = $0
	ours = /kernelx/
	elsewhere = 0
	next
}

report != "" && /==========/ {
	if (ours)
		print report
	report = ""
	next
}

report != "" {
	report = report "\n" $0
	if (/ of [0-9]+ bytes by /)
		elsewhere = 0
	else if (/asm_sysvec_|asm_common_interrupt|Reported by Kernel Concurrency/ ||
		 / (__)?schedule(_timeout|_hrtimeout_range)?\+| usleep_range_state\+/ ||
		 / bpf__kernelx_policy_ops_| do_exit\+| kprobe_ftrace_handler\+/)
		elsewhere = 1
	else if (!elsewhere && /kernelx|bdi_[a-z]*_(readahead|default|io_pages)\+|bdi_follows\+|file_ra_/)
		ours = 1
	next
}

/WARNING: |BUG: |Oops|kernel BUG at|general protection fault|double fault/ ||
/UBSAN: |INFO: rcu.*stall|INFO: .*self-detected stall|unchecked MSR access/ ||
/INFO: task .* blocked for more than|INFO: trying to register non-static key/ ||
/-+\[ cut here \]-+|unable to handle|ODEBUG: |DEBUG_LOCKS_WARN_ON/ ||
/kernelx: .* does not hold [0-9]+ as it should/
