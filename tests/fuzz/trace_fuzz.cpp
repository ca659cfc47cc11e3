#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "traces/trace_file.h"

// Whatever the bytes are, the parser refuses them with an InputError or gives a trace that prints
// and parses to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array<std::string_view, 2> properties{"cpu_coherence", "no_leak"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const hmm::TraceFile trace = hmm::parse_trace(text, "fuzz", properties);
    const std::string printed = hmm::print_trace(trace);
    if (hmm::print_trace(hmm::parse_trace(printed, "fuzz", properties)) != printed)
      __builtin_trap();
  } catch (const hmm::InputError&) {
  }
  return 0;
}
