#pragma once
#include <linux/ioctl.h>

// What /dev/hold is asked: tasks stop in a function of the kernel until they are let go. For the
// kernel that has it, and for the program that runs in it.

struct hold_place {
  int tid;
  int at_return; /* or on entry */
  char function[64];
};

/* The task is to stop there the next time that it comes by; one that is held goes on. ENOENT: no
 * function of that name; EOPNOTSUPP: none that is built to be stopped in; EBUSY: too many tasks. */
#define HOLD_ARM _IOW('H', 0, struct hold_place)
/* By its number: what has become of it. */
#define HOLD_STATE _IO('H', 1)
/* By its number: it goes on, and stops no more. */
#define HOLD_GO _IO('H', 2)
/* By its number, whether the task is runnable; by 0, whether any is, beside the one that asks. */
#define HOLD_BUSY _IO('H', 3)

enum hold_state {
  HOLD_FREE,  /* it is not to stop */
  HOLD_ARMED, /* it has not come there */
  HOLD_HELD,
  HOLD_ATOMIC, /* it came there where nobody may sleep, and went on */
  HOLD_GONE,   /* it was held for too long, and went on */
};
