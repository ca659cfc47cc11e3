/* @turns */
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>

static char me = 'A';		/* which of the two processes this one is */
static pid_t child;
static int step;		/* how many calls came before */
static volatile int *turn;	/* shared: which call it is the turn of */
static volatile int *others;	/* shared: how many results were not as the trace says */
static volatile int *is_ready;	/* shared: the child has opened its devices */

/*
 * Waits until it is the turn of this call, or was where the other process has gone on, and says
 * whether it is for this process to make.
 */
static int is_mine(char who)
{
	while (*turn < step)
		sched_yield();
	return me == who;
}

static void end_turn(char who, const char *call, const char *expected)
{
	if (me == who) {
		const int is_other = strcmp(result, expected) != 0;

		printf("%c %s -> %s%s%s%s\n", who, call, result, is_other ? "   (the trace: " : "",
		       is_other ? expected : "", is_other ? ")" : "");
		fflush(stdout);
		*others += is_other;
		result[0] = 0;
		++*turn;
	}
	while (*turn == step)
		sched_yield();
	++step;
}

#define STEP(who, call, text, expected)                                                            \
	do {                                                                                       \
		if (is_mine(who))                                                                  \
			call;                                                                      \
		end_turn(who, text, expected);                                                     \
	} while (0)
#define A(call, text, expected) STEP('A', call, text, expected)
#define B(call, text, expected) STEP('B', call, text, expected)

/* @fork */
static void call_fork(void)
{
	*is_ready = 0;
	child = fork();
	if (child != 0) {
		while (child > 0 && !*is_ready)
			sched_yield();
		return say_error(child < 0);
	}
	me = 'B';
	reopen_devices();
	*is_ready = 1;
}

/* @exit */
/* B's devices are closed as it exits, and A goes on when it is gone. */
static void call_exit(void)
{
	if (is_mine('B'))
		exit(0);
	waitpid(child, NULL, 0);
	child = 0;
	printf("B exit -> ok\n");
	++*turn;
	++step;
}

/* @main */
int main(void)
{
	turn = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (turn == MAP_FAILED)
		return perror("mmap"), 2;
	others = turn + 1;
	is_ready = turn + 2;
	open_devices();
	setvbuf(stdout, NULL, _IOLBF, 0);

/* @tail */
	if (me == 'B')
		return 0;
	if (child > 0)
		waitpid(child, NULL, 0);
	printf(*others ? "%d results are not as the trace says\n" : "as the trace says\n", *others);
	return *others == 0;
}
