#include "tools/kernel/agent/look.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace agent {
namespace {

// Bits of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst).
constexpr std::uint64_t kFrame = (std::uint64_t{1} << 55) - 1;
constexpr unsigned kTypeBits = 5;
constexpr bool has(std::uint64_t entry, unsigned bit) { return (entry >> bit & 1) != 0; }
constexpr unsigned kSoftDirty = 55, kExclusive = 56, kShared = 61, kSwap = 62, kPresent = 63;

std::array<std::uint64_t, kPages> pagemap_of(pid_t pid, std::uintptr_t vpn) {
  std::array<std::uint64_t, kPages> entries{};
  const std::string path = "/proc/" + std::to_string(pid) + "/pagemap";
  // Not kept open: that would keep the address space.
  const int file = open(path.c_str(), O_RDONLY);
  if (pread(file, entries.data(), sizeof entries, static_cast<off_t>(vpn * sizeof entries[0])) < 0)
    std::perror(path.c_str());
  close(file);
  return entries;
}

}  // namespace

Look::Look() : kpagecount_(open("/proc/kpagecount", O_RDONLY)), zero_frame_(0) {
  void* const page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  [[maybe_unused]] const volatile char touched = *static_cast<volatile char*>(page);
  zero_frame_ = pagemap_of(getpid(), reinterpret_cast<std::uintptr_t>(page) / 4096)[0] & kFrame;
  munmap(page, 4096);
}

unsigned Look::name_of(bool is_present, std::uint64_t frame) {
  const std::pair one{is_present, frame};
  const auto found = std::find(names_.begin(), names_.end(), one);
  const auto name = static_cast<unsigned>(found - names_.begin());
  if (found == names_.end()) names_.push_back(one);
  return name;
}

std::string Look::page(std::uint64_t entry) {
  std::string text = "-";
  if (has(entry, kPresent)) {
    const std::uint64_t frame = entry & kFrame;
    std::uint64_t count = 0;
    if (frame == zero_frame_) {
      text = "zero";
    } else {
      if (pread(kpagecount_, &count, sizeof count, static_cast<off_t>(frame * sizeof count)) < 0)
        std::perror("kpagecount");
      text = "f" + std::to_string(name_of(true, frame)) + ",m" + std::to_string(count);
    }
  } else if (has(entry, kSwap)) {
    text = "t" + std::to_string(entry & ((1u << kTypeBits) - 1)) + ":f" +
           std::to_string(name_of(false, (entry & kFrame) >> kTypeBits));
  }
  if (has(entry, kExclusive)) text += ",x";
  if (has(entry, kShared)) text += ",sh";
  if (has(entry, kSoftDirty)) text += ",sd";
  return text;
}

std::string Look::line(char actor, pid_t pid, const Mail& mail) {
  std::string text = std::string("= ") + actor;
  for (const std::uint64_t entry : pagemap_of(pid, first_vpn())) text += " " + page(entry);
  for (unsigned d = 0; d < kDevices; ++d) {
    text += " | d" + std::to_string(d);
    for (unsigned p = 0; p < kPages; ++p) {
      std::array<char, 8> byte{};
      std::snprintf(byte.data(), byte.size(), " %02x", mail.snapshot[d * kPages + p]);
      text += byte.data();
    }
  }
  return text + "\n";
}

}  // namespace agent
