// SPDX-License-Identifier: GPL-2.0
/*
 * Model of KernelX transitions, modes instance and global: kernel/kernelx/{instance,dying,
 * drain,steps}.c and the thunk (kernelx_thunk.S). [brackets] are the names of steps there.
 *
 * Checked by spin for all interleavings: ../host/model-test.sh has the configurations.
 *
 * Nothing says which tasks run at the moment. The writer may meet one that does and so
 * not look at it; an IPI may meet another one in its place: both are choices of the
 * model, where the task can be preempted. Where it cannot, the IPI meets it. Interrupts
 * run on the stack of a task.
 *
 * An instance is a sequence of uses of sites, any of the two in any order: so loops and
 * nested instances are in it. From its first use to its end its frame is in a safe span
 * (got). Tasks begin instances for ever; only transitions are counted.
 *
 * Claims: an instance uses one value [mixes]; in mode global, all instances at a time use
 * the same one [overlaps]; when a transition begins, all tasks have the same slot [strays];
 * when it ends, all sites are direct and hold the value in force; there is no deadlock.
 *
 * What is simpler than the code:
 *  - memory is sequentially consistent;
 *  - the number in the gate is a bit, "changed since the ticket was taken";
 *  - a wait at the gate is a loop, since the code looks again from time to time;
 *  - how many tasks die is one number, not the sum of those of the CPUs;
 *  - deadlines, signals, errors of hooks: a step may fail whenever it can;
 *  - the writer uses no sites, and none of its rounds notices idle tasks.
 *
 * Configuration:
 *  TASKS=n		tasks that are there all the time
 *  CHILD		one more, that is forked by the first one, dies, and so on
 *  INTERRUPTS=n	so many of the tasks, from the last one, are interrupted
 *  NMI			interrupts come when they are disabled, too
 *  KNOBS=n		the sites belong to one knob or to two
 *  WRITERS=n		each with one transition
 *  MODE_GLOBAL		the transitions' mode; MODE_MIXED=n: of writer n only
 *  MODULE		the second site comes with a module
 *  IPIS_IN_ORDER	CPUs answer one after the other, as their tasks are numbered
 *  LATE		CPUs may answer too late
 *  NO_UNDO		no step fails
 *  SINGLE		an instance uses one site, once: it cannot mix
 *  FINITE		an instance of a task uses each of the sites once
 *  LIVE		for claim "ends": no step fails, who can wait does
 *  EXITS=n		so many tasks die all the time, one after the other
 *  REMOVE_step		the protocol without it
 *  ONLY_MIXES		no other claim
 */

#ifndef TASKS
#define TASKS		2
#endif
#ifndef INTERRUPTS
#define INTERRUPTS	0
#endif
#ifndef KNOBS
#define KNOBS		1
#endif
#ifndef WRITERS
#define WRITERS		2
#endif

#ifdef CHILD
#define ALL		(TASKS + 1)
#else
#define ALL		TASKS
#endif
#define CHILD_TASK	TASKS
#define FIRST_INTERRUPTED (ALL - INTERRUPTS)
/* Contexts: the tasks, then the interrupts on their stacks. */
#define CONTEXTS	(2 * ALL)
#define ON(task)	(ALL + (task))

#define NOTHING		0
#define FIRST_VALUE	1
#define TARGET(writer)	(FIRST_VALUE + 1 + (writer))

#define KNOB(site)	((site) % KNOBS)
/* Of slots[] and ask[]. */
#define AT(knob, slot)	(2 * (knob) + (slot))

#if defined(REMOVE_GLOBAL)
#define IS_GLOBAL(writer) false
#elif defined(MODE_GLOBAL)
#define IS_GLOBAL(writer) true
#elif defined(MODE_MIXED)
#define IS_GLOBAL(writer) ((writer) == MODE_MIXED)
#else
#define IS_GLOBAL(writer) false
#endif

/* --- the state of the protocol --- */

bit mutex, undoing;
byte slots[2 * KNOBS] = FIRST_VALUE;
bit ask[2 * KNOBS];
byte in_force = FIRST_VALUE;			/* of all knobs: they change together */
byte text[2] = FIRST_VALUE;
bit indirect[2];
bit new_slot, wanted, changing, global;
bit closed, moved;				/* the gate */
byte dying[2];
bit dying_now;
byte started, ended;
#ifdef MODULE
bit loaded;
#define THERE(site)	((site) == 0 || loaded)
#else
#define THERE(site)	true
#endif

/* --- the state of tasks --- */

bit off[ALL];					/* since a sync() began */
byte ipis;					/* by task: has not taken it yet */
bit slot[ALL];					/* kernelx_slot of its thread_info */
bit irqs_off[ALL], interrupted[ALL], preempt_off[ALL], listed[ALL];
bit thunk[CONTEXTS];
byte got[CONTEXTS];
#ifdef CHILD
bit child_lives, forked;
byte way;					/* of the child, to its end */
#define DIES(task)	((task) == CHILD_TASK && way > 0)
#define EXISTS(task)	((task) != CHILD_TASK || child_lives)
#else
#define DIES(task)	false
#define EXISTS(task)	true
#endif
#ifdef LATE
/* The question to a CPU is on its way; it is looking; its answer. */
bit asked[ALL], looking[ALL], answered[ALL], answer[ALL];
#define LOOKING(task)	looking[task]
#else
#define LOOKING(task)	false
#endif
#if defined(MODE_GLOBAL) && !defined(ONLY_MIXES)
#define OVERLAPS
byte instances[TARGET(WRITERS)];		/* by value */
byte all_instances;
#endif

#define RUNS(task)	(!interrupted[task] && !LOOKING(task))
#define PREEMPTIBLE(task) (RUNS(task) && !irqs_off[task] && !preempt_off[task])

#ifdef NMI
#define INTERRUPTIBLE(task) (!interrupted[task] && EXISTS(task))
#define TAKES_IPI(task)	(!irqs_off[task] && !interrupted[task])
#else
#define INTERRUPTIBLE(task) (RUNS(task) && !irqs_off[task] && EXISTS(task))
#define TAKES_IPI(task)	(!irqs_off[task])
#endif

#define PENDING(task)	(slot[task] != wanted)

#ifdef REMOVE_SPAN
#define IN_SPAN(context) false
#else
#define IN_SPAN(context) (changing && got[context] != NOTHING)
#endif
/* [thunk] From reading the value until it is in the register: also on the way back. */
#ifdef REMOVE_THUNK
#define IN_THUNK(context) false
#else
#define IN_THUNK(context) thunk[context]
#endif

/* What an IPI finds, or the writer. */
#define FREE(task)	(!IN_SPAN(task) && !IN_THUNK(task) &&		\
			 !IN_SPAN(ON(task)) && !IN_THUNK(ON(task)))

/* [look_for_itself] What a task finds behind its thunk, or an interrupt does. */
#define FREE_BEHIND(context, task)					\
	(!IN_SPAN(context) &&						\
	 ((context) == (task) || (!IN_SPAN(task) && !IN_THUNK(task))))

/* --- a use of a site --- */

inline take(context)
{
	thunk[context] = 0;
	/* [mixes] */
	assert(got[context] == NOTHING || got[context] == result);
#ifdef OVERLAPS
	if
	:: got[context] == NOTHING ->
		instances[result - 1]++;
		all_instances++
	:: else
	fi;
	/* [overlaps] */
	assert(all_instances == instances[result - 1]);
#endif
	got[context] = result;
	site = 0;
	result = 0;
	mine = 0;
	wants = 0
}

inline leave(context)
{
#ifdef OVERLAPS
	instances[got[context] - 1]--;
	all_instances--;
#endif
	got[context] = NOTHING
}

/* Fairness alone would not see to it that an IPI is ever taken. */
#if defined(REMOVE_IRQ_OFF) || defined(LIVE)
#define IRQS_OFF(task)	skip
#define IRQS_BACK(task)	skip
#elif defined(NMI)
#define IRQS_OFF(task)	saved = irqs_off[task]; irqs_off[task] = 1
#define IRQS_BACK(task)	irqs_off[task] = saved; off[task] = off[task] && saved; saved = 0
#else
#define IRQS_OFF(task)	irqs_off[task] = 1
#define IRQS_BACK(task)	irqs_off[task] = 0; off[task] = 0
#endif

#ifdef REMOVE_ASK_AGAIN
#define STILL_ASK	true
#else
#define STILL_ASK	ask[AT(KNOB(site), slot[task])]
#endif

#ifdef REMOVE_DYING_PASS
#define CAN_WAIT(context, task)	((context) == (task) && !preempt_off[task])
#else
/* Who waits for the gate must not be waited for by the writer, as the dying are. */
#define CAN_WAIT(context, task)						\
	((context) == (task) && !preempt_off[task] && !DIES(task))
#endif
#ifdef LIVE
#define CAN_NOT_WAIT(context, task) (!CAN_WAIT(context, task))
#else
#define CAN_NOT_WAIT(context, task) true
#endif

/* [go_over] Where the task is wanted may change in between. */
#ifdef NO_UNDO
#define READ_WANTED	skip
#define GO_OVER(task)	slot[task] = wanted
#else
#define READ_WANTED	wants = wanted
#define GO_OVER(task)	atomic { slot[task] = wants; wants = 0 }
#endif

/* A use of a site, by a task or by an interrupt on its stack. */
inline use(context, task)
{
	atomic {
		interrupted[task] == (context != task);
		if
#ifdef SINGLE
		:: got[context] == NOTHING
		:: got[context] == NOTHING && THERE(1) -> site = 1
#elif defined(FINITE)
		:: got[context] == NOTHING
		:: got[context] != NOTHING -> site = 1
#else
		:: true
		:: THERE(1) -> site = 1
#endif
		fi;
		if
		:: !indirect[site] ->
			result = text[site];
			take(context);
			goto endless
		:: else ->
#if KNOBS == 1
			site = 0
#else
			skip
#endif
		fi
	}
	/* In the stub, where nothing has been read, the task may go over. Then the thunk: */
	atomic { thunk[context] = 1; mine = slot[task] }
	if
	:: !ask[AT(KNOB(site), mine)] ->
		result = slots[AT(KNOB(site), mine)];
		atomic { take(context); goto endless }
	:: else
	fi;
asks:	/* [ask_again] */
	atomic {
		IRQS_OFF(task);
		if
		:: STILL_ASK
		:: !STILL_ASK -> goto value
		fi
	}
	/* [look_for_itself] */
	if
	:: !global ->
		if
		:: atomic { PENDING(task) && FREE_BEHIND(context, task) -> READ_WANTED }
			GO_OVER(task)
		:: else
		fi;
		goto value
	:: atomic { global -> mine = new_slot }
	fi;
	if
	:: atomic { !closed -> goto newer }
	:: closed -> result = slots[AT(KNOB(site), !mine)]
	fi;
	/* May it wait? Not said by anything here: it may be atomic. */
	if
	:: slot[task] == mine && CAN_WAIT(context, task) ->
		goto at_gate
	:: slot[task] == mine && CAN_NOT_WAIT(context, task) ->
		/* [pass] */
		if
		:: atomic { closed ->
#ifndef REMOVE_PASS_COUNT
				moved = 1
#endif
			}
#ifndef REMOVE_PASS_SLOT
			slot[task] = !mine;
#endif
			goto chosen
		:: atomic { !closed -> goto newer }
		fi
	:: slot[task] != mine && CAN_WAIT(context, task) && FREE_BEHIND(context, task) ->
		READ_WANTED;
		GO_OVER(task);
		goto at_gate
	:: slot[task] != mine && (CAN_NOT_WAIT(context, task) ||
				  !FREE_BEHIND(context, task)) ->
		goto chosen
	fi;
at_gate:
	atomic { result = 0; mine = 0; IRQS_BACK(task); goto asks }
value:
	mine = slot[task];
newer:
	result = slots[AT(KNOB(site), mine)];
chosen:
	atomic { IRQS_BACK(task); take(context) }
}

/* --- tasks and interrupts --- */

proctype a_task(byte self) provided (RUNS(self))
{
#ifdef FINITE
	bit last;
#endif
	byte result;
	bit site, mine, wants, saved;

endless: do
#ifdef FINITE
	:: atomic { got[self] == NOTHING || !last -> last = got[self] != NOTHING };
		use(self, self)
	:: atomic { got[self] != NOTHING && last -> last = 0; leave(self) }
#elif defined(SINGLE)
	:: atomic { got[self] == NOTHING -> skip };
		use(self, self)
	:: atomic { got[self] != NOTHING -> leave(self) }
#else
	:: use(self, self)
	:: atomic { got[self] != NOTHING -> leave(self) }
#endif
#ifdef CHILD
	/* dup_task_struct() */
	:: atomic { self == 0 && got[0] == NOTHING && !child_lives && !forked ->
			slot[CHILD_TASK] = slot[0] }
		/* [fork] tasklist_lock */
		atomic {
#ifndef REMOVE_FORK
			slot[CHILD_TASK] = slot[0];
#endif
			listed[CHILD_TASK] = 1;
#ifdef LIVE
			forked = 1;
#endif
			child_lives = 1
		}
#endif
	od
}

#ifdef CHILD
#ifdef LIVE
#define MAY_END		(last && got[CHILD_TASK] == NOTHING)
#else
#define MAY_END		true
#endif

proctype a_child() provided (child_lives && RUNS(CHILD_TASK))
{
	byte result;
	bit site, mine, wants, saved, stage, last;

endless: do
#ifdef LIVE
	:: atomic { way == 3 && !last -> last = 1 };
		use(CHILD_TASK, CHILD_TASK)
#else
	:: use(CHILD_TASK, CHILD_TASK)
#endif
	:: atomic { got[CHILD_TASK] != NOTHING -> leave(CHILD_TASK) }
	/* [exit_begin] */
	:: atomic { way == 0 && got[CHILD_TASK] == NOTHING -> stage = dying_now; way++ }
	:: atomic { way == 1 -> dying[stage]++; way++ }
	/* exit_notify(): tasklist_lock */
	:: atomic { way == 2 && got[CHILD_TASK] == NOTHING -> listed[CHILD_TASK] = 0; way++ }
	/* [exit_end] */
#ifdef REMOVE_PREEMPT_OFF
	:: atomic { way == 3 -> dying[stage]--; way++ }
	:: atomic { way == 4 -> preempt_off[CHILD_TASK] = 1; way++ }
#else
	:: atomic { way == 3 && MAY_END ->
			preempt_off[CHILD_TASK] = 1; dying[stage]--; way = 5 }
#endif
	:: atomic { way == 5 && got[CHILD_TASK] == NOTHING ->
			preempt_off[CHILD_TASK] = 0;
			child_lives = 0;
			way = 0;
			last = 0;
			stage = 0 }
	od
}
#endif

/* One instance after the other, each on the stack of the task that runs then. */
proctype an_interrupt(byte task)
{
	byte result;
	bit site, mine, wants, saved;

endless: do
	:: atomic { !interrupted[task] && INTERRUPTIBLE(task) -> interrupted[task] = 1 }
	:: use(ON(task), task)
	:: atomic { got[ON(task)] != NOTHING ->
			leave(ON(task));
			off[task] = off[task] && irqs_off[task];
			interrupted[task] = 0 }
	od
}

#ifdef EXITS
/* Over, like all tasks that are new; and in the way. */
proctype dying_task()
{
	bit mine;

endless: do
	:: true ->
		mine = dying_now;
		dying[mine]++;
		dying[mine]--
	od
}
#endif

/* --- IPIs --- */

#define NOT_ASKED(task)	(!asked[task] && !looking[task])

#ifdef IPIS_IN_ORDER
#define IN_ORDER(task)	((ipis & ((1 << (task)) - 1)) == 0)
#else
#define IN_ORDER(task)	true
#endif

#define FOR_CPU(task)							\
	:: atomic { (ipis & (1 << (task))) && IN_ORDER(task) && TAKES_IPI(task) -> \
			ipis = ipis & ~(1 << (task));			\
			look_at_current(task) }

#if ALL == 1
#define ALL_OF(condition)	(condition(0))
#define FOR_EACH_CPU		FOR_CPU(0)
#elif ALL == 2
#define ALL_OF(condition)	(condition(0) && condition(1))
#define FOR_EACH_CPU		FOR_CPU(0) FOR_CPU(1)
#elif ALL == 3
#define ALL_OF(condition)	(condition(0) && condition(1) && condition(2))
#define FOR_EACH_CPU		FOR_CPU(0) FOR_CPU(1) FOR_CPU(2)
#endif

/*
 * What text_poke does: each CPU takes interrupts once, and what came before is done.
 * The earliest moment is the one that says least.
 */
#define NOT_OFF(task)	(!off[task])
inline sync()
{
	d_step {
		for (i : 0 .. ALL - 1) {
			off[i] = !TAKES_IPI(i)
		}
		i = 0
	};
	ALL_OF(NOT_OFF)
#ifdef LATE
	;
	/* There are several, so that answers are over that were in its way. */
	ALL_OF(NOT_ASKED)
#endif
}

inline look(task)
{
	if
	:: !PENDING(task)
	:: PENDING(task) && FREE(task) -> slot[task] = wanted
	:: else -> over = 0
	fi
}

inline look_at_current(task)
{
	if
	:: EXISTS(task) -> look(task)
	:: !EXISTS(task) || PREEMPTIBLE(task)
	fi
}

inline look_at_stopped(task)
{
	atomic {
		if
		:: listed[task] && PREEMPTIBLE(task) -> look(task)
#ifdef LIVE
		:: else
#else
		:: true
#endif
		fi
	}
}

#ifdef LATE
proctype a_cpu(byte self)
{
	bit over, wants;

endless: do
	:: atomic { asked[self] && !looking[self] && TAKES_IPI(self) ->
			asked[self] = 0;
			looking[self] = 1 }
		over = 1;
		if
		:: PENDING(self) && FREE(self) ->
			READ_WANTED;
			GO_OVER(self)
		:: PENDING(self) && !FREE(self) ->
			over = 0
		:: !PENDING(self) || !(interrupted[self] || preempt_off[self])
		fi;
		/* To the question that is asked now. */
		atomic {
			answered[self] = 1;
			answer[self] = over;
			looking[self] = 0;
			over = 0
		}
	od
}

#define ANSWERED(task)	answered[task]
#define ANSWER(task)	answer[task]

inline look_at_cpus()
{
	d_step {
		for (i : 0 .. ALL - 1) {
			answered[i] = 0;
			asked[i] = 1
		}
		i = 0
	};
	if
	:: atomic { ALL_OF(ANSWERED) -> over = ALL_OF(ANSWER) }
	:: atomic { over = 0; late = 1 }
	fi
}
#else
inline look_at_cpus()
{
	atomic { over = 1; ipis = (1 << ALL) - 1 };
	do
	FOR_EACH_CPU
	:: ipis == 0 -> break
	od
}
#endif

/* --- the writer --- */

#define IS_OVER(task)	(!listed[task] || !PENDING(task))
#define IS_HOME(task)	(!EXISTS(task) || !PENDING(task))

/* Those who are over first, for all knobs: once others are asked, there are such tasks. */
inline ask_tasks(pending, all)
{
#if KNOBS == 1
	ask[AT(0, wanted)] = all;
	ask[AT(0, !wanted)] = pending || all
#elif defined(REMOVE_ASK_ORDER)
	ask[AT(0, wanted)] = all;
	ask[AT(0, !wanted)] = pending || all;
	ask[AT(1, wanted)] = all;
	ask[AT(1, !wanted)] = pending || all
#else
	ask[AT(0, wanted)] = all;
	ask[AT(1, wanted)] = all;
	ask[AT(0, !wanted)] = pending || all;
	ask[AT(1, !wanted)] = pending || all
#endif
}

/* In mode global: those who are over, too. They are none any more when it is undone. */
#ifdef REMOVE_ALL_ASK
#define ALL_ASK		false
#else
#define ALL_ASK		(global && !undo)
#endif

#define SETTLED		(undo -> old : TARGET(self))

inline set_both(knob)
{
#ifdef REMOVE_BOTH
	slots[AT(knob, 0)] = SETTLED;
	slots[AT(knob, 1)] = SETTLED
#else
	atomic { slots[AT(knob, 0)] = SETTLED; slots[AT(knob, 1)] = SETTLED }
#endif
}

inline make_direct(number)
{
	if
	:: atomic { THERE(number) -> indirect[number] = 0; text[number] = in_force }
	:: else
	fi
}

#define IS_SETTLED(number)						\
	(!THERE(number) || (!indirect[number] && text[number] == in_force))
#define BOTH_ARE(knob, what)						\
	(slots[AT(knob, 0)] == (what) && slots[AT(knob, 1)] == (what) &&	\
	 !ask[AT(knob, 0)] && !ask[AT(knob, 1)])

inline set_new(what)
{
	slots[AT(0, new_slot)] = what;
#if KNOBS == 2
	slots[AT(1, new_slot)] = what
#endif
}

/* [arm] */
inline arm()
{
	indirect[0] = 1;
	if
	:: THERE(1) -> indirect[1] = 1
	:: else
	fi;
	sync()
}

#ifdef REMOVE_MUTEX
#define LOCK		skip
#define UNLOCK		skip
#else
#define LOCK		atomic { !mutex -> mutex = 1 }
#define UNLOCK		mutex = 0
#endif
/* They differ in their values only, and by MODE_MIXED: so one of them is the first. */
#ifdef REMOVE_MUTEX
#define LOCK_FIRST	skip
#else
#define LOCK_FIRST	atomic { !mutex && started == self -> mutex = 1; started++ }
#endif

proctype a_writer(byte self)
{
	byte old, stage, i;
	bit over, undo;
#ifdef LATE
	bit late;
#endif

	LOCK_FIRST;
	atomic {
		if
#ifndef REMOVE_STUCK
		:: undoing -> goto unlock
#endif
		:: else -> old = in_force
		fi
	}
#ifndef ONLY_MIXES
	/* [strays] */
	assert(ALL_OF(IS_HOME));
#endif
#ifndef REMOVE_CHECK
	atomic {
		if
		:: ALL_OF(IS_OVER)
		:: else -> goto unlock
		fi
	}
#endif
	/* [begin] */
#if defined(MODE_GLOBAL) || defined(MODE_MIXED)
	global = IS_GLOBAL(self);
#ifndef REMOVE_GATE
	closed = global;
#endif
#endif
#ifndef REMOVE_OTHER_SLOT
	new_slot = !new_slot;
#endif
	wanted = new_slot;
	set_new(TARGET(self));
	changing = 1;
#ifdef REMOVE_ASK_AFTER_ARM
	ask_tasks(1, global);
#endif
#ifdef REMOVE_ARM
	indirect[0] = 1;
	sync();
#else
	arm();
#endif
#if defined(MODE_GLOBAL) || defined(MODE_MIXED)
again:	if
	:: global -> ask_tasks(1, ALL_ASK)
	:: !global
	fi;
#endif
#ifndef NO_UNDO
	if
	:: true
	:: goto turn_back
	fi;
#endif

	/* [drain] */
round:	atomic { moved = 0; over = 1; stage = 0 }
	look_at_stopped(0);
#if ALL > 1
	look_at_stopped(1);
#endif
#if ALL > 2
	look_at_stopped(2);
#endif
#ifndef REMOVE_IPI_ROUND
	look_at_cpus();
#endif
	/* [count] */
#ifdef REMOVE_COUNT
	atomic {
		if
		:: over
		:: else -> goto failed
		fi
	}
#else
	atomic {
		if
		:: over && ALL_OF(IS_OVER)
		:: else -> goto failed
		fi
	}
#endif
	/* [dying] */
#ifndef REMOVE_DYING
dying_left:
	atomic {
		if
		:: dying[1 - dying_now] == 0 ->
			dying_now = 1 - dying_now;
#ifdef REMOVE_DYING_PHASE
			stage++;
#endif
			stage++;
			if
			:: stage == 2
			:: else -> goto dying_left
			fi
#ifdef REMOVE_STAGE
		:: else -> goto failed
#else
		:: else -> goto dying_left
#endif
#if !defined(NO_UNDO) && !defined(LIVE)
		:: dying[1 - dying_now] != 0 -> goto gave_up
#endif
		fi
	}
#endif
	/* [confirm] */
#ifndef REMOVE_CONFIRM
	look_at_cpus();
#endif
	atomic {
		if
		:: over -> goto drained
		:: else
		fi
	}
failed:
	atomic {
		if
#if !defined(NO_UNDO) && !defined(LIVE)
		:: true -> goto gave_up
#endif
#ifdef LATE
		:: late -> goto gave_up
		:: !late
#else
		:: true
#endif
		fi
	}
#ifndef REMOVE_ASK
	ask_tasks(1, ALL_ASK);
#endif
	goto round;

drained:
#ifdef REMOVE_ARM
	arm();
#endif
	atomic {
		if
		:: undo -> goto undone
#ifndef NO_UNDO
		/* [refresh] failed */
		:: !undo -> goto turn_back
#endif
		:: !undo
		fi
	}
	/* [open] */
	atomic {
		if
#ifdef REMOVE_TICKET
		:: true -> closed = 0
#else
		:: !moved -> closed = 0
#if defined(MODE_GLOBAL) || defined(MODE_MIXED)
		:: moved -> goto again
#endif
#endif
		fi
	}
	goto settle;

undone:
#ifndef REMOVE_UNDONE
	new_slot = wanted;
#endif
settle:
	/* [settle] */
	set_both(0);
#if KNOBS == 2
	set_both(1);
#endif
	in_force = SETTLED;
	ask_tasks(0, 0);
	changing = 0;
	make_direct(0);
	make_direct(1);
#ifndef REMOVE_SETTLE_SYNC
	sync();
#endif
	atomic {
		undoing = 0;
#ifndef ONLY_MIXES
		assert(IS_SETTLED(0) && IS_SETTLED(1));
		assert(in_force == SETTLED);
		assert(BOTH_ARE(0, SETTLED));
#if KNOBS == 2
		assert(BOTH_ARE(1, SETTLED));
#endif
#endif
		goto unlock
	}

turn_back:
	/* [undo] */
	atomic {
		undo = 1;
#ifdef LATE
		late = 0;
#endif
		if
		:: !global -> goto wanted_back
		:: else
		fi
	}
#ifndef REMOVE_REVERT
	set_new(old);
#endif
#ifndef REMOVE_AGREE
	changing = 0;
#endif
	atomic { closed = 0; moved = 0 }
	/*
	 * Who passed the gate may be in a thunk that has read the new slot. So all are
	 * wanted there still, where they look for themselves, and are looked at.
	 */
#ifndef REMOVE_UNDO_INSTANCE
	global = 0;
#endif
#ifndef REMOVE_UNDO_FORWARD
	goto bring;
#endif
wanted_back:
	/* [turn_back] */
#ifndef REMOVE_TURN_BACK
	wanted = !new_slot;
#endif
bring:
#ifdef REMOVE_UNDO_DRAIN
	goto undone;
#else
	goto round;
#endif

gave_up:
	atomic {
		if
		:: !undo -> goto turn_back
		:: else
		fi
	}
#ifdef LATE
	late = 0;
#endif
	/* The worker tries again. */
	undoing = 1;
	UNLOCK;
	LOCK;
	goto round;

unlock:
	UNLOCK;
	atomic { old = 0; over = 0; stage = 0; undo = 0; ended++ }
}

#ifdef MODULE
/* The second site: it was not there when others were armed. */
proctype a_module()
{
	LOCK;
	if
#ifndef REMOVE_MODULE_ARM
	:: undoing -> indirect[1] = 1
#endif
	:: else -> text[1] = in_force
	fi;
	loaded = 1;
	UNLOCK
}
#endif

init
{
	byte i;

	atomic {
		for (i : 0 .. ALL - 1) {
			if
			:: i >= FIRST_INTERRUPTED -> run an_interrupt(i)
			:: else
			fi;
#ifdef LATE
			run a_cpu(i);
#endif
		}
		for (i : 0 .. TASKS - 1) {
			listed[i] = 1;
			run a_task(i)
		}
#ifdef CHILD
		run a_child();
#endif
#ifdef EXITS
		for (i : 1 .. EXITS) {
			run dying_task()
		}
#endif
#ifdef MODULE
		run a_module();
#endif
		for (i : 0 .. WRITERS - 1) {
			run a_writer(i)
		}
		i = 0
	}
}

#ifdef LIVE
ltl ends { <> (ended == WRITERS) }
#endif
