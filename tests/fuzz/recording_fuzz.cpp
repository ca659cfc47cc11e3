#include <cstddef>
#include <cstdint>
#include <string_view>

#include "traces/conform.h"

// Whatever the bytes are, the parser refuses them with an InputError or gives a recording that
// prints and parses to the same, and running that recording ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const hmm::Recording recording = hmm::parse_recording(text, "fuzz");
    const std::string printed = hmm::print_recording(recording);
    if (hmm::print_recording(hmm::parse_recording(printed, "fuzz")) != printed) __builtin_trap();
    hmm::ConformOptions options;
    options.profile.fault_takes_page_ref = options.profile.owner_filter = true;
    hmm::ConformReport report;
    hmm::conform(recording, options, report);
    if (report.agreeing + report.diverging + report.not_to_the_end != report.traces)
      __builtin_trap();
  } catch (const hmm::InputError&) {
  }
  return 0;
}
