#pragma once
#include <fcntl.h>
#include <lib/test_hmm_uapi.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

// A device, and memory that it shares, of the programs that do what no call of a trace does.
namespace agent {

inline constexpr std::size_t kPage = 4096, kPages = 512, kHuge = kPage * kPages;
// A few of them, which split what they are of.
inline constexpr std::size_t kFirst = 16, kSome = 4;

// mm/gup_test.h, of kernels that have it (/sys/kernel/debug/gup_test).
struct PinLongterm {
  std::uint64_t addr, size;
  std::uint32_t flags;
};
inline constexpr unsigned long kPinStart = _IOW('g', 7, PinLongterm), kPinStop = _IO('g', 8);

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
  // Of one page that is small.
  unsigned snapshot_of(unsigned char* at) const {
    std::uint8_t byte = 0;
    return ask(HMM_DMIRROR_SNAPSHOT, at, 1, &byte) == 0 ? byte : 0xfe;
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
  // Huge pages are what it begins with.
  void keep_small() const { madvise(all_, size_, MADV_NOHUGEPAGE); }

 private:
  std::size_t size_;
  unsigned char* all_;
};

}  // namespace agent
