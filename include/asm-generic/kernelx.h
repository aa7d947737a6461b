/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_GENERIC_KERNELX_H
#define _ASM_GENERIC_KERNELX_H

/*
 * The fallback for architectures that cannot patch sites, and for
 * CONFIG_KERNELX_GENERIC: the value is read from memory, once per use, as
 * READ_ONCE() does it (which may not be defined yet where this expands).
 * Pairs with the WRITE_ONCE() in kernelx_values_set().
 */
#define __KERNELX_READ(name, knob, v, least, most, expr) do {		\
	extern struct kernelx_value kernelx_value_##knob;		\
	(v) = *(const volatile unsigned int *)&kernelx_value_##knob.value; \
} while (0)

/* There are no policies: nobody looks at the object. */
#define __KERNELX_READ_WITH(name, knob, v, object, least, most, expr) do { \
	(void)(object);							\
	__KERNELX_READ(name, knob, v, least, most, expr);		\
} while (0)

#endif /* _ASM_GENERIC_KERNELX_H */
