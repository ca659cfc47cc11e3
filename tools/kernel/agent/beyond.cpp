#include "tools/kernel/agent/beyond.h"

#include "tools/kernel/agent/mirror.h"

namespace agent {
namespace {

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
  // Not every image has it.
  if (access("/sys/kernel/mm/hugepages", F_OK) != 0) return "ok";
  const Region region(MAP_HUGETLB);
  if (const auto said = shares(region, device); said != "ok") return said;
  return device.moves(region.at(), kSome) ? "some of it move" : "ok";
}

// mm/migrate_device.c migrate_device_coherent_folio(): what is pinned for long is the system's.
std::string longterm_pin(const Mirror& device) {
  const int file = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
  const Region region(0);
  unsigned char* const at = region.at();
  region.keep_small();
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

void beyond(const Say& say) {
  const Mirror own(0), coherent(2);
  say("huge_page", huge_page(own));
  say("huge_page_coherent", huge_page(coherent));
  say("huge_zero_page", huge_zero_page(own));
  say("hugetlb", hugetlb(own));
  say("longterm_pin", longterm_pin(coherent));
}

}  // namespace agent
