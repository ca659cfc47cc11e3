/*
 * /dev/hold: stops a task on entry to a function, or on its return, of the files that are built
 * with -finstrument-functions, and lets it go on. It sleeps where it is, with the locks that it
 * has; where it may not sleep it is not stopped.
 */
#include <linux/kallsyms.h>
#include <linux/miscdevice.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "tools/kernel/hold/hold.h"

/* What has been held so long goes on, so that no machine hangs of it. */
#define LONGEST (120 * HZ)
/* How far into a function the call of the hook may be. */
#define PROLOGUE 256

void notrace __cyg_profile_func_enter(void *function, void *from);
void notrace __cyg_profile_func_exit(void *function, void *from);

struct hold {
	int tid;
	enum hold_state state;
	bool at_return;
	unsigned long function;
};

static struct hold holds[16];
static int used;
static DEFINE_SPINLOCK(lock);
static DECLARE_WAIT_QUEUE_HEAD(queue);

static struct hold *find(int tid)
{
	for (int i = 0; i < ARRAY_SIZE(holds); i++)
		if (holds[i].tid == tid)
			return &holds[i];
	return NULL;
}

static bool is_held(const struct hold *hold)
{
	return READ_ONCE(hold->tid) == current->pid && READ_ONCE(hold->state) == HOLD_HELD;
}

/* Without the lock, which a task that may not sleep may have: where a task is to stop is said
 * while it sleeps. */
static noinline notrace void stop(unsigned long function, bool at_return)
{
	struct hold *hold = find(current->pid);

	if (!hold || READ_ONCE(hold->state) != HOLD_ARMED || hold->function != function ||
	    hold->at_return != at_return)
		return;
	if (preempt_count() != 0 || irqs_disabled()) {
		WRITE_ONCE(hold->state, HOLD_ATOMIC);
		return;
	}
	WRITE_ONCE(hold->state, HOLD_HELD);
	if (!wait_event_idle_timeout(queue, !is_held(hold), LONGEST) && is_held(hold))
		WRITE_ONCE(hold->state, HOLD_GONE);
}

void notrace __cyg_profile_func_enter(void *function, void *from)
{
	if (unlikely(READ_ONCE(used)) && in_task())
		stop((unsigned long)function, false);
}

void notrace __cyg_profile_func_exit(void *function, void *from)
{
	if (unlikely(READ_ONCE(used)) && in_task())
		stop((unsigned long)function, true);
}

static bool calls_hook(unsigned long function)
{
	const u8 *code = (const u8 *)function;

	for (int i = 0; i < PROLOGUE; i++) {
		s32 distance;

		memcpy(&distance, code + i + 1, sizeof(distance));
		if (code[i] == 0xe8 && function + i + 5 + (long)distance ==
					       (unsigned long)__cyg_profile_func_enter)
			return true;
	}
	return false;
}

static long arm(const struct hold_place __user *from)
{
	struct hold_place place;
	struct hold *hold;
	unsigned long function;

	if (copy_from_user(&place, from, sizeof(place)))
		return -EFAULT;
	place.function[sizeof(place.function) - 1] = 0;
	function = kallsyms_lookup_name(place.function);
	if (!function)
		return -ENOENT;
	if (!calls_hook(function))
		return -EOPNOTSUPP;
	spin_lock(&lock);
	hold = find(place.tid);
	if (!hold)
		hold = find(0);
	if (hold) {
		used += !hold->tid;
		hold->function = function;
		hold->at_return = place.at_return;
		hold->state = HOLD_ARMED;
		hold->tid = place.tid;
	}
	spin_unlock(&lock);
	wake_up_all(&queue);
	return hold ? 0 : -EBUSY;
}

static void go(struct hold *hold)
{
	WRITE_ONCE(hold->state, HOLD_FREE);
	hold->tid = 0;
	used--;
}

static long of_task(unsigned int request, int tid)
{
	long state = HOLD_FREE;
	struct hold *hold;

	spin_lock(&lock);
	hold = tid > 0 ? find(tid) : NULL;
	if (hold)
		state = READ_ONCE(hold->state);
	if (hold && request == HOLD_GO)
		go(hold);
	spin_unlock(&lock);
	/* Who only asks wakes nobody: what is held would be busy. */
	if (request == HOLD_GO)
		wake_up_all(&queue);
	return state;
}

static long is_busy(int tid)
{
	struct task_struct *process, *task;
	bool busy = false;

	rcu_read_lock();
	for_each_process_thread(process, task)
		busy |= task != current && (!tid || task->pid == tid) &&
			READ_ONCE(task->__state) == TASK_RUNNING;
	rcu_read_unlock();
	return busy;
}

static long ask(struct file *file, unsigned int request, unsigned long argument)
{
	switch (request) {
	case HOLD_ARM:
		return arm((const struct hold_place __user *)argument);
	case HOLD_STATE:
	case HOLD_GO:
		return of_task(request, argument);
	case HOLD_BUSY:
		return is_busy(argument);
	}
	return -ENOTTY;
}

static const struct file_operations operations = {
	.unlocked_ioctl = ask,
};
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hold",
	.fops = &operations,
};
builtin_misc_device(device);
