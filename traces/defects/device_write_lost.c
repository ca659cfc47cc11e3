/*
 * What a device writes through an HMM mirror is lost when its page is reclaimed: hmm_range_fault()
 * returns a page as writable whose pte is writable and clean, and no one marks it dirty.
 *
 * gcc -static -I LINUX device_write_lost.c, run as root with CONFIG_TEST_HMM; for the third way
 * there must be swap, best on a disk, with vm.page-cluster=0. For each way the CPU writes instead,
 * too, and that is kept. Exit code 1 where a write is lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <lib/test_hmm_uapi.h>

enum { PAGE = 4096 };

static int device, pagemap;
static volatile unsigned char *page;

static void must(int is_well, const char *what)
{
	if (is_well)
		return;
	perror(what);
	exit(2);
}

static int is_present(void)
{
	uint64_t entry = 0;

	must(pread(pagemap, &entry, 8, (uintptr_t)page / PAGE * 8) == 8, "/proc/self/pagemap");
	return entry >> 63;
}

/* Reclaims the page, and says whether it could: for a while it is on its way to the LRU. */
static int page_out(void)
{
	for (int tries = 0; tries < 50 && is_present(); tries++) {
		must(madvise((void *)page, PAGE, MADV_PAGEOUT) == 0, "MADV_PAGEOUT");
		usleep(20000);
	}
	return !is_present();
}

static void device_writes(unsigned char value)
{
	static unsigned char from[PAGE];
	struct hmm_dmirror_cmd cmd = { .addr = (uintptr_t)page, .ptr = (uintptr_t)from, .npages = 1 };

	memset(from, value, PAGE);
	must(ioctl(device, HMM_DMIRROR_WRITE, &cmd) == 0 && cmd.cpages == 1, "HMM_DMIRROR_WRITE");
}

/* Shared memory that was only read: its pte is writable already, and clean. */
static int read_first(void)
{
	return page[0] == 0;
}

/* MADV_FREE leaves a writable and clean pte behind. */
static int freed(void)
{
	page[0] = 1;
	must(madvise((void *)page, PAGE, MADV_FREE) == 0, "MADV_FREE");
	return 1;
}

/* A page that a read swaps in is mapped writable and clean, where nobody shares it. */
static int swapped_in(void)
{
	page[0] = 1;
	return page_out() && page[0] == 1;
}

/* Whether the write was lost. */
static int try(const char *name, int flags, int (*prepare)(void), int by_device)
{
	const char *who = by_device ? "device" : "CPU";
	int seen;

	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);
	must(page != MAP_FAILED, "mmap");
	if (!prepare()) {
		printf("%s, %s: skipped, no page can be swapped out\n", name, who);
		munmap((void *)page, PAGE);
		return 0;
	}
	if (by_device)
		device_writes(2);
	else
		page[0] = 2;
	must(page[0] == 2, "reading what was just written");
	page_out();
	seen = page[0];
	printf("%s, %s: wrote 2, and %d is there: %s\n", name, who, seen, seen == 2 ? "kept" : "lost");
	munmap((void *)page, PAGE);
	return seen != 2;
}

int main(void)
{
	int lost = 0;

	device = open("/dev/hmm_dmirror0", O_RDWR);
	must(device >= 0, "/dev/hmm_dmirror0");
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	must(pagemap >= 0, "/proc/self/pagemap");
	for (int by_device = 0; by_device < 2; by_device++) {
		lost += try("shmem that was read", MAP_SHARED, read_first, by_device);
		lost += try("MADV_FREE", MAP_PRIVATE, freed, by_device);
		lost += try("swapped in by a read", MAP_PRIVATE, swapped_in, by_device);
	}
	printf("%d of what was written is lost\n", lost);
	return lost != 0;
}
