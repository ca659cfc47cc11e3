// What the kernel keeps of memory that no observation of a trace shows: counters, what is free, the
// lists of the LRU, what a CPU has cached; and what a call comes to in places that none goes to.
#include <linux/userfaultfd.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tools/kernel/agent/beyond.h"
#include "tools/kernel/agent/hold.h"
#include "tools/kernel/agent/mirror.h"

namespace agent {
namespace {

// Not of the heap: nothing is to be mapped or unmapped where it is used.
std::array<unsigned char, kSome * kPage> buffer;

int migrate(const Mirror& device, unsigned char* at, std::size_t pages) {
  return device.ask(HMM_DMIRROR_MIGRATE_TO_DEV, at, pages, buffer.data());
}

// The number in a line `NAME: NUMBER kB` of a file of /proc; 0 if it has none.
long kilobytes(const char* file, const std::string& name) {
  std::ifstream in(file);
  for (std::string word; in >> word;)
    if (word == name + ":" && in >> word) return std::stol(word);
  return 0;
}

bool run_on(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

// /proc/self/pagemap and /proc/kpageflags (Documentation/admin-guide/mm/pagemap.rst).
std::uint64_t number_at(const char* file, std::uint64_t index) {
  std::uint64_t number = 0;
  const int in = open(file, O_RDONLY | O_CLOEXEC);
  if (pread(in, &number, sizeof number, static_cast<off_t>(index * sizeof number)) < 0) number = 0;
  close(in);
  return number;
}
bool is_on_lru(const unsigned char* at) {
  constexpr std::uint64_t kFrame = (std::uint64_t{1} << 55) - 1;
  constexpr unsigned kLru = 5;
  const auto entry = number_at("/proc/self/pagemap", reinterpret_cast<std::uintptr_t>(at) / kPage);
  return (number_at("/proc/kpageflags", entry & kFrame) >> kLru & 1) != 0;
}

// mm/vma.c unmap_region(): what this CPU has kept for the LRU is there.
void drain_this_cpu() {
  auto* const page = static_cast<unsigned char*>(
      mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  *page = 1;
  munmap(page, kPage);
}

// mm/migrate_device.c migrate_vma_insert_page(): what moves from nowhere is the process's from
// then.
std::string holes_are_counted(const Mirror& device) {
  const Region region(0);
  region.keep_small();
  const long before = kilobytes("/proc/self/status", "RssAnon");
  if (!device.moves(region.at(), kPages)) return "none moves";
  const long more = kilobytes("/proc/self/status", "RssAnon") - before;
  if (more > static_cast<long>(kHuge / 1024 / 2)) return "ok";
  return "RssAnon is " + std::to_string(more) + " kB more";
}

// mm/memremap.c free_zone_device_folio(): the driver's backing of a page that is free is free.
std::string backing_is_freed(const Mirror& device) {
  constexpr long kRounds = 8;
  const long before = kilobytes("/proc/meminfo", "MemFree");
  for (long i = 0; i < kRounds; ++i) {
    const Region region(0);
    region.keep_small();
    if (!device.moves(region.at(), kPages)) return "none moves";
  }
  const long less = before - kilobytes("/proc/meminfo", "MemFree");
  if (less < kRounds * static_cast<long>(kHuge / 1024 / 2)) return "ok";
  return "MemFree is " + std::to_string(less) + " kB less";
}

// mm/migrate_device.c migrate_vma_collect_pmd(): of what is pinned for long nothing is collected,
// and nothing unmapped, which would begin with what this CPU has kept for the LRU.
std::string pinned_stays_mapped(const Mirror& device) {
  const int file = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
  const Region region(0), other(0);
  region.keep_small();
  other.keep_small();
  Mirror::fill(region.at(), kSome, 1);
  const PinLongterm pin{reinterpret_cast<std::uint64_t>(region.at()), kSome * kPage, 0};
  const bool is_pinned = ioctl(file, kPinStart, &pin) == 0;
  run_on(0);
  drain_this_cpu();
  *other.at() = 1;
  std::string said = "ok";
  if (is_on_lru(other.at())) said = "a page is on the LRU at once";
  migrate(device, region.at(), kSome);
  if (is_pinned && is_on_lru(other.at())) said = "what is pinned is unmapped";
  if (is_pinned) ioctl(file, kPinStop);
  migrate(device, region.at(), kSome);
  if (!is_on_lru(other.at())) said = "what is not pinned is not unmapped";
  close(file);
  return said;
}

// A CPU forgets where a page was that has moved: what it reads next comes home. Nobody else runs on
// it in between, which would make it forget everything.
std::string cpu_forgets(const Mirror& device, bool is_zero) {
  const Region region(0);
  region.keep_small();
  unsigned char* const at = region.at();
  if (!is_zero) {
    Mirror::fill(at, kSome, 1);
    // Who forks has none of them alone any more, and is to write to none.
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
  }
  for (std::size_t i = 0; i < kSome; ++i) {
    volatile unsigned char* const byte = at + i * kPage;
    [[maybe_unused]] unsigned char read = *byte;
    if (migrate(device, at + i * kPage, 1) != 0) return "it does not move";
    read = *byte;
    constexpr unsigned kWhere = 0xf0;
    if ((device.snapshot_of(at + i * kPage) & kWhere) == HMM_DMIRROR_PROT_DEV_PRIVATE_LOCAL)
      return "a CPU reads what is not mapped any more";
  }
  return "ok";
}

// mm/migrate_device.c migrate_device_unmap(): another CPU may keep pages that are not on the LRU
// yet.
std::string other_cpu_is_drained(const Mirror& device) {
  const Region region(0);
  region.keep_small();
  if (!run_on(1)) return "ok";
  drain_this_cpu();
  Mirror::fill(region.at(), kSome, 1);
  run_on(0);
  return migrate(device, region.at(), kSome) == 0 ? "ok" : "what another CPU has kept stays";
}

// A thread that stops at a place on its way through the kernel, until it is let go. It is there
// before it begins: who has stopped may have the mmap lock.
class Held {
 public:
  explicit Held(std::function<int()> call)
      : thread_([this, call = std::move(call)] {
          task_ = gettid();
          while (!may_begin_) usleep(1000);
          came_ = call();
        }) {
    while (task_ == 0) usleep(1000);
  }
  ~Held() { go(); }
  // Whether it has come there.
  bool stops(const char* place) {
    has_place_ = hold_.stop(task_, place).empty();
    may_begin_ = true;
    for (int i = 0; has_place_ && i < 5'000 && hold_.state_of(task_) == HOLD_ARMED; ++i)
      usleep(1000);
    return hold_.state_of(task_) == HOLD_HELD;
  }
  // Other kernels may have no such place.
  bool has_place() const { return has_place_; }
  // What the call came to.
  int go() {
    may_begin_ = true;
    hold_.let_go(task_);
    if (thread_.joinable()) thread_.join();
    return came_;
  }

 private:
  Hold hold_;
  bool has_place_ = false;
  std::atomic<pid_t> task_ = 0;
  std::atomic<bool> may_begin_ = false;
  int came_ = 0;
  std::thread thread_;
};

// mm/rmap.c page_make_device_exclusive_one(): a page that was made writable for a device may be
// written no longer when it is mapped for it, as who protects it by userfaultfd needs no more than
// the mmap lock for reading.
std::string protected_is_not_exclusive(const Mirror& device) {
  const Region region(0);
  region.keep_small();
  unsigned char* const at = region.at();
  Mirror::fill(at, 1, 1);
  const int file = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC));
  uffdio_api api{UFFD_API, UFFD_FEATURE_PAGEFAULT_FLAG_WP, 0};
  const uffdio_range range{reinterpret_cast<std::uint64_t>(at), kPage};
  uffdio_register with{range, UFFDIO_REGISTER_MODE_WP, 0};
  uffdio_writeprotect protect{range, UFFDIO_WRITEPROTECT_MODE_WP};
  if (ioctl(file, UFFDIO_API, &api) != 0 || ioctl(file, UFFDIO_REGISTER, &with) != 0)
    return "no userfaultfd";
  Held exclusive([&] { return device.ask(HMM_DMIRROR_EXCLUSIVE, at, 1, buffer.data()); });
  const bool is_held = exclusive.stops("at page_make_device_exclusive_one");
  const bool is_protected = ioctl(file, UFFDIO_WRITEPROTECT, &protect) == 0;
  const int came = exclusive.go();
  close(file);
  if (!exclusive.has_place()) return "ok";
  if (!is_held || !is_protected) return "nothing is protected in time";
  return came == EBUSY ? "ok" : "a device has for itself what may not be written";
}

// mm/migrate_device.c migrate_device_unmap(): a page of a file that reclaim has taken from the LRU
// stays where it is. It has another one in its hands, which it unmaps first.
std::string reclaimed_stays(const Mirror& device) {
  const int file = memfd_create("file", MFD_CLOEXEC);
  if (ftruncate(file, 2 * kPage) != 0) return "no file";
  const auto map = [&](std::size_t pages, off_t from) {
    return static_cast<unsigned char*>(
        mmap(nullptr, pages * kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file, from));
  };
  unsigned char* const both = map(2, 0);
  unsigned char* const second = map(1, kPage);
  Mirror::fill(both, 2, 1);
  Mirror::fill(second, 1, 2);
  drain_this_cpu();
  std::string said = "ok";
  {
    Held moves([&] { return migrate(device, second, 1); });
    Held reclaims([&] { return madvise(both, 2 * kPage, MADV_PAGEOUT); });
    if (!moves.stops("at migrate_device_unmap") || !reclaims.stops("at try_to_unmap"))
      said = "nothing is reclaimed in time";
    if (!moves.has_place()) said = "ok";
    moves.go();
  }
  drain_this_cpu();
  if (!Mirror::has(both, 2, 1) || !Mirror::has(second, 1, 2)) said = "what was there is not";
  munmap(both, 2 * kPage);
  munmap(second, kPage);
  close(file);
  drain_this_cpu();
  return said;
}

// mm/migrate.c remove_migration_pte(): that a page has been touched goes with it, in a kernel whose
// migration entries have a place for that.
std::string moved_stays_young(const Mirror& coherent) {
  if (access("/proc/swaps", R_OK) != 0) return "ok";
  const Region region(0);
  region.keep_small();
  Mirror::fill(region.at(), kPages, 1);
  const long before = kilobytes("/proc/self/smaps_rollup", "Referenced");
  if (!coherent.moves(region.at(), kPages)) return "none moves";
  const long less = before - kilobytes("/proc/self/smaps_rollup", "Referenced");
  if (less < static_cast<long>(kHuge / 1024 / 2)) return "ok";
  return "Referenced is " + std::to_string(less) + " kB less";
}

// mm/hmm.c hmm_vma_fault(): there is no page beyond the end of a file.
std::string ends_with_its_file(const Mirror& device) {
  const int file = memfd_create("file", MFD_CLOEXEC);
  if (ftruncate(file, kPage) != 0) return "no file";
  auto* const at = static_cast<unsigned char*>(
      mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
  std::string said = "ok";
  if (!device.reads(at, 1, 0)) said = "the device does not read what is there";
  if (device.ask(HMM_DMIRROR_READ, at, 2, buffer.data()) != EFAULT)
    said = "the device reads beyond the end";
  munmap(at, 2 * kPage);
  close(file);
  return said;
}

}  // namespace

void unseen(const Say& say) {
  const Mirror own(0), coherent(2);
  say("holes_are_counted", holes_are_counted(own));
  say("backing_is_freed", backing_is_freed(own));
  say("pinned_stays_mapped", pinned_stays_mapped(own));
  say("cpu_forgets", cpu_forgets(own, false));
  say("cpu_forgets_zero", cpu_forgets(own, true));
  say("other_cpu_is_drained", other_cpu_is_drained(own));
  say("protected_is_not_exclusive", protected_is_not_exclusive(own));
  say("reclaimed_stays", reclaimed_stays(own));
  say("moved_stays_young", moved_stays_young(coherent));
  say("ends_with_its_file", ends_with_its_file(own));
}

}  // namespace agent
