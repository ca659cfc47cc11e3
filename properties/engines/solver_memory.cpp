#include "properties/engines/solver_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <new>
#include <optional>
#include <string>

#include "model/domain/symbolic.h"

namespace hmm {
namespace {

// Bytes of addresses that the process may still ask for; nothing if nobody limits them.
std::optional<std::uint64_t> addresses_left() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const auto used = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

}  // namespace

void limit_solver_memory() {
  const auto left = addresses_left();
  if (!left) return;
  // The rest is for stacks, heaps that threads set aside, and what the solver asks for before it
  // looks again.
  constexpr std::uint64_t kAside = 64 << 20, kLeast = 1 << 20;
  const std::uint64_t most = *left > kAside ? (*left - kAside) / 2 : 0;
  z3::set_param("memory_high_watermark", std::to_string(std::max(most, kLeast)).c_str());
}

void require_solver_memory() {
  constexpr std::uint64_t kLeast = 192 << 20;
  if (addresses_left().value_or(kLeast) < kLeast) throw std::bad_alloc();
}

}  // namespace hmm
