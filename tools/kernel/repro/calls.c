/* @head */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <lib/test_hmm_uapi.h>

enum { PAGE = 4096, PAGES = 4, DEVICES = 4 };

/* The pages are at one place in both processes, and nothing is mapped around them. */
static unsigned char *const memory = (unsigned char *)0x10000000000;

static int devices[DEVICES];	/* /dev/hmm_dmirror0 to 3, of this process */
static int pipes[PAGES][2];	/* that hold pages, by page */
static __thread char result[256];

static unsigned char *page(unsigned n)
{
	return memory + (size_t)n * PAGE;
}

static inline size_t bytes(unsigned first, unsigned last)
{
	return (size_t)(last - first + 1) * PAGE;
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	const size_t used = strlen(result);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(result + used, sizeof(result) - used, format, arguments);
	va_end(arguments);
}

/* What a system call came to. */
__attribute__((unused)) static void say_error(int failed)
{
	say("%s", failed ? strerrorname_np(errno) : "ok");
}

static void open_devices(void)
{
	for (int d = 0; d < DEVICES; d++) {
		char name[32];

		snprintf(name, sizeof(name), "/dev/hmm_dmirror%d", d);
		devices[d] = open(name, O_RDWR | O_CLOEXEC);
		if (devices[d] < 0)
			perror(name);
	}
}

/* A child has its own, and no pipes. */
__attribute__((unused)) static void reopen_devices(void)
{
	for (int d = 0; d < DEVICES; d++)
		close(devices[d]);
	for (int n = 0; n < PAGES; n++) {
		if (pipes[n][1]) {
			close(pipes[n][0]);
			close(pipes[n][1]);
		}
		pipes[n][0] = pipes[n][1] = 0;
	}
	open_devices();
}

/* @signals */
static __thread sigjmp_buf back;
static void on_signal(int signal)
{
	siglongjmp(back, signal);
}

/* 0, and then, if touching the page comes to a signal, once more with that. */
#define CATCHING                                                                                   \
	({                                                                                         \
		signal(SIGSEGV, on_signal);                                                        \
		signal(SIGBUS, on_signal);                                                         \
		sigsetjmp(back, 1);                                                                \
	})

/* @dmirror */
static int dmirror(unsigned long request, unsigned d, unsigned first, unsigned last, void *buffer,
		   struct hmm_dmirror_cmd *command)
{
	memset(command, 0, sizeof(*command));
	command->addr = (unsigned long)page(first);
	command->ptr = (unsigned long)buffer;
	command->npages = last - first + 1;
	return ioctl(devices[d], request, command);
}

/* @ask dmirror */
static __thread unsigned char buffer[PAGES * PAGE];	/* what a device reads or writes */

/* A request that comes back with counters, and with the first bytes of each page. */
__attribute__((unused)) static void ask(unsigned long request, unsigned d, unsigned first,
					unsigned last, int has_faults, int has_values)
{
	struct hmm_dmirror_cmd command;

	if (dmirror(request, d, first, last, buffer, &command))
		return say_error(1);
	say("ok cpages=%llu", (unsigned long long)command.cpages);
	if (has_faults)
		say(" faults=%llu", (unsigned long long)command.faults);
	for (unsigned i = 0; has_values && i <= last - first; i++) {
		unsigned value;

		memcpy(&value, buffer + (size_t)i * PAGE, sizeof(value));
		say(" %u", value);
	}
}

/* @load signals */
static void call_load(unsigned n)
{
	const int caught = CATCHING;

	if (caught)
		say("SIG%s", sigabbrev_np(caught));
	else
		say("%u", *(volatile unsigned *)page(n));
}

/* @store signals */
static void call_store(unsigned n, unsigned value)
{
	const int caught = CATCHING;

	if (!caught)
		*(volatile unsigned *)page(n) = value;
	say("%s%s", caught ? "SIG" : "ok", caught ? sigabbrev_np(caught) : "");
}

/* @mmap */
static void call_mmap(unsigned first, unsigned last, int rights, int kind)
{
	say_error(mmap(page(first), bytes(first, last), rights,
		       MAP_FIXED | MAP_ANONYMOUS | kind, -1, 0) == MAP_FAILED);
}

/* @munmap */
static void call_munmap(unsigned first, unsigned last)
{
	say_error(munmap(page(first), bytes(first, last)));
}

/* @mprotect */
static void call_mprotect(unsigned first, unsigned last, int rights)
{
	say_error(mprotect(page(first), bytes(first, last), rights));
}

/* @mlock */
static void call_mlock(unsigned first, unsigned last)
{
	say_error(mlock(page(first), bytes(first, last)));
}

/* @munlock */
static void call_munlock(unsigned first, unsigned last)
{
	say_error(munlock(page(first), bytes(first, last)));
}

/* @dontneed */
static void call_dontneed(unsigned first, unsigned last)
{
	say_error(madvise(page(first), bytes(first, last), MADV_DONTNEED));
}

/* @mremap */
static void call_mremap(unsigned from, unsigned to)
{
	say_error(mremap(page(from), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(to)) ==
		  MAP_FAILED);
}

/* @clear_soft_dirty */
static void call_clear_soft_dirty(void)
{
	const int file = open("/proc/self/clear_refs", O_WRONLY);

	say_error(write(file, "4", 1) != 1);
	close(file);
}

/* @pin */
static void call_pin(unsigned n)
{
	const struct iovec bytes = {page(n), 16};

	if (pipes[n][1] == 0 && pipe(pipes[n]))
		return say_error(1);
	say_error(vmsplice(pipes[n][1], &bytes, 1, SPLICE_F_NONBLOCK) < 0);
}

/* @unpin */
static void call_unpin(unsigned n)
{
	close(pipes[n][0]);
	close(pipes[n][1]);
	pipes[n][0] = pipes[n][1] = 0;
	say("ok");
}

/* @dread dmirror ask */
static void call_dread(unsigned d, unsigned first, unsigned last)
{
	ask(HMM_DMIRROR_READ, d, first, last, 1, 1);
}

/* @dwrite dmirror ask */
static void call_dwrite(unsigned d, unsigned first, unsigned last, unsigned value)
{
	memset(buffer, 0, sizeof(buffer));
	for (unsigned i = 0; i <= last - first; i++, value++)
		memcpy(buffer + (size_t)i * PAGE, &value, sizeof(value));
	ask(HMM_DMIRROR_WRITE, d, first, last, 1, 0);
}

/* @migrate_to_dev dmirror ask */
static void call_migrate_to_dev(unsigned d, unsigned first, unsigned last)
{
	ask(HMM_DMIRROR_MIGRATE_TO_DEV, d, first, last, 0, 1);
}

/* @migrate_to_sys dmirror ask */
static void call_migrate_to_sys(unsigned d, unsigned first, unsigned last)
{
	ask(HMM_DMIRROR_MIGRATE_TO_SYS, d, first, last, 0, 0);
}

/* @exclusive dmirror ask */
static void call_exclusive(unsigned d, unsigned first, unsigned last)
{
	ask(HMM_DMIRROR_EXCLUSIVE, d, first, last, 0, 1);
}

/* @check_exclusive dmirror ask */
static void call_check_exclusive(unsigned d, unsigned first, unsigned last)
{
	struct hmm_dmirror_cmd command;

	say_error(dmirror(HMM_DMIRROR_CHECK_EXCLUSIVE, d, first, last, buffer, &command));
}

/* @release dmirror */
static void call_release(unsigned d)
{
	struct hmm_dmirror_cmd command;

	say_error(dmirror(HMM_DMIRROR_RELEASE, d, 0, PAGES - 1, NULL, &command));
}
