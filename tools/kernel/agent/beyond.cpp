#include "tools/kernel/agent/beyond.h"

#include <fcntl.h>
#include <lib/test_hmm_uapi.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

namespace agent {
namespace {

constexpr std::size_t kPage = 4096, kPages = 512, kHuge = kPage * kPages;
// A few of them, which split what they are of.
constexpr std::size_t kFirst = 16, kSome = 4;

// mm/gup_test.h, of kernels that have it.
struct PinLongterm {
  std::uint64_t addr, size;
  std::uint32_t flags;
};
constexpr unsigned long kPinStart = _IOW('g', 7, PinLongterm), kPinStop = _IO('g', 8);

// A device's file.
class Mirror {
 public:
  explicit Mirror(unsigned device)
      : file_(open(("/dev/hmm_dmirror" + std::to_string(device)).c_str(), O_RDWR | O_CLOEXEC)) {}
  Mirror(const Mirror&) = delete;
  ~Mirror() { close(file_); }

  // 0 or an errno; the buffer has a page for each page, or a byte for a snapshot.
  int ask(unsigned long request, unsigned char* at, std::size_t pages, void* buffer) const {
    hmm_dmirror_cmd command{};
    command.addr = reinterpret_cast<std::uint64_t>(at);
    command.ptr = reinterpret_cast<std::uint64_t>(buffer);
    command.npages = pages;
    return ioctl(file_, request, &command) == 0 ? 0 : errno;
  }
  bool reads(unsigned char* at, std::size_t pages, unsigned from) const {
    std::vector<unsigned char> buffer(pages * kPage);
    return ask(HMM_DMIRROR_READ, at, pages, buffer.data()) == 0 && has(buffer.data(), pages, from);
  }
  int write(unsigned char* at, std::size_t pages, unsigned from) const {
    std::vector<unsigned char> buffer(pages * kPage);
    fill(buffer.data(), pages, from);
    return ask(HMM_DMIRROR_WRITE, at, pages, buffer.data());
  }
  unsigned snapshot(unsigned char* at) const {
    std::array<std::uint8_t, kPages> bytes{};
    return ask(HMM_DMIRROR_SNAPSHOT, at, kPages, bytes.data()) == 0 ? bytes[kFirst] : 0xfe;
  }
  bool moves(unsigned char* at, std::size_t pages) const {
    std::vector<unsigned char> buffer(pages * kPage);
    return ask(HMM_DMIRROR_MIGRATE_TO_DEV, at, pages, buffer.data()) == 0;
  }

  // The pages' first words are numbers from that one on; none: all are 0.
  static void fill(unsigned char* at, std::size_t pages, unsigned from) {
    for (std::size_t i = 0; i < pages; ++i, ++from) std::memcpy(at + i * kPage, &from, sizeof from);
  }
  static bool has(const unsigned char* at, std::size_t pages, unsigned from) {
    for (std::size_t i = 0; i < pages; ++i) {
      const unsigned wanted = from == 0 ? 0 : from + static_cast<unsigned>(i);
      if (std::memcmp(at + i * kPage, &wanted, sizeof wanted) != 0) return false;
    }
    return true;
  }

 private:
  int file_;
};

// 2 MiB that begin where a huge page can, or of hugetlbfs.
class Region {
 public:
  explicit Region(int flags)
      : size_((flags & MAP_HUGETLB) != 0 ? kHuge : 2 * kHuge),
        all_(static_cast<unsigned char*>(mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0))) {
    if ((flags & MAP_HUGETLB) == 0) madvise(all_, size_, MADV_HUGEPAGE);
  }
  Region(const Region&) = delete;
  ~Region() { munmap(all_, size_); }
  bool is_mapped() const { return all_ != MAP_FAILED; }
  unsigned char* at() const {
    const auto number = reinterpret_cast<std::uintptr_t>(all_);
    return all_ + ((number + kHuge - 1) / kHuge * kHuge - number);
  }
  void protect(int rights) const { mprotect(at(), kHuge, rights); }

 private:
  std::size_t size_;
  unsigned char* all_;
};

// What is written here, each device reads, and the other way round; rights are kept to.
std::string shares(const Region& region, const Mirror& device) {
  unsigned char* const at = region.at();
  if (!region.is_mapped()) return "none to be had";
  if (device.write(at, kPages, 1) != 0) return "the device cannot write where nothing was";
  if (!Mirror::has(at, kPages, 1)) return "what the device wrote is not there";
  Mirror::fill(at, kPages, 1000);
  if (!device.reads(at, kPages, 1000)) return "the device does not read what is there";
  region.protect(PROT_READ);
  if (device.write(at, kPages, 1) == 0) return "the device writes without a right";
  if (!device.reads(at, kPages, 1000)) return "the device does not read what it may";
  region.protect(PROT_NONE);
  if (device.reads(at, kPages, 1000)) return "the device reads without a right";
  region.protect(PROT_READ | PROT_WRITE);
  return "ok";
}

std::string huge_page(const Mirror& device) {
  const Region region(0);
  if (const auto said = shares(region, device); said != "ok") return said;
  unsigned char* const at = region.at();
  if ((device.snapshot(at) & HMM_DMIRROR_PROT_PMD) == 0) return "no huge page";
  if (!device.moves(at + kFirst * kPage, kSome)) return "some of it do not move";
  if (!Mirror::has(at, kPages, 1000)) return "what moved is not what was there";
  return "ok";
}

std::string huge_zero_page(const Mirror& device) {
  const Region region(0);
  unsigned char* const at = region.at();
  if (!Mirror::has(at, 1, 0)) return "not zero";
  if (!device.reads(at, kPages, 0)) return "not zero to the device";
  if (!device.moves(at + kFirst * kPage, kSome)) return "some of it do not move";
  return Mirror::has(at, kPages, 0) ? "ok" : "what moved is not zero";
}

std::string hugetlb(const Mirror& device) {
  const Region region(MAP_HUGETLB);
  if (const auto said = shares(region, device); said != "ok") return said;
  return device.moves(region.at(), kSome) ? "some of it move" : "ok";
}

// mm/migrate_device.c migrate_device_coherent_folio(): what is pinned for long is the system's.
std::string longterm_pin(const Mirror& device) {
  const int file = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
  const Region region(0);
  unsigned char* const at = region.at();
  madvise(at, kHuge, MADV_NOHUGEPAGE);
  Mirror::fill(at, kPages, 1);
  if (!device.moves(at, kSome)) return "coherent memory cannot be had";
  const PinLongterm pin{reinterpret_cast<std::uint64_t>(at), kSome * kPage, 0};
  std::string said = "ok";
  const int failed = ioctl(file, kPinStart, &pin) == 0 ? 0 : errno;
  std::array<std::uint8_t, kSome> bytes{};
  device.ask(HMM_DMIRROR_SNAPSHOT, at, kSome, bytes.data());
  if (failed == 0 && (bytes[0] & HMM_DMIRROR_PROT_DEV_COHERENT_LOCAL) != 0)
    said = "pinned in the device's memory";
  // 6.1 has no such test.
  if (failed != 0 && failed != ENOTTY && failed != EINVAL)
    said = std::string("cannot be pinned: ") + strerrorname_np(failed);
  if (!Mirror::has(at, kPages, 1)) said = "what is pinned is not what was there";
  if (failed == 0) ioctl(file, kPinStop);
  close(file);
  return said;
}

}  // namespace

std::string beyond() {
  const Mirror own(0), coherent(2);
  return "beyond huge_page -> " + huge_page(own) + "\nbeyond huge_page_coherent -> " +
         huge_page(coherent) + "\nbeyond huge_zero_page -> " + huge_zero_page(own) +
         "\nbeyond hugetlb -> " + hugetlb(own) + "\nbeyond longterm_pin -> " +
         longterm_pin(coherent) + "\n";
}

}  // namespace agent
