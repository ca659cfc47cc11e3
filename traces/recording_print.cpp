#include <fmt/format.h>

#include <iterator>

#include "traces/call_text.h"
#include "traces/recording.h"

namespace hmm {

std::string print_call(const RecordedCall& call) {
  return fmt::format("{} {}", kActorNames[call.actor], print(call.what));
}

std::string print_result(const CallResult& r) {
  if (!r.unknown.empty()) return fmt::format("unknown: {}", r.unknown);
  if (r.outcome == Outcome::value) return fmt::format("{}", r.values[0]);
  std::string out(name_of(r.outcome));
  if (r.outcome == Outcome::held) return fmt::format("{} {}", out, r.held_at);
  if (r.outcome != Outcome::ok) return out;
  auto to = std::back_inserter(out);
  if (r.has_cpages) fmt::format_to(to, " cpages={}", r.cpages);
  if (r.has_faults) fmt::format_to(to, " faults={}", r.faults);
  for (std::size_t i = 0; i < r.n_values; ++i) fmt::format_to(to, " {}", r.values[i]);
  return out;
}

std::string print_page(const SeenPage& page) {
  std::string out;
  switch (page.kind) {
    case SeenPte::none:
      out = "-";
      break;
    case SeenPte::zero:
      out = "zero";
      break;
    case SeenPte::present:
      out = fmt::format("f{},m{}", page.frame, page.mapcount);
      break;
    case SeenPte::entry:
      out = fmt::format("t{}:f{}", page.swap_type, page.frame);
      break;
  }
  if (page.exclusive) out += ",x";
  if (page.shared) out += ",sh";
  if (page.soft_dirty) out += ",sd";
  return out;
}

std::string print_observation(const Observation& seen) {
  std::string out = fmt::format("= {}", kActorNames[seen.actor]);
  for (const auto& page : seen.page) out += " " + print_page(page);
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    out += fmt::format(" | d{} {:02x}", d, fmt::join(seen.snapshot[d], " "));
  return out;
}

std::string print_recording(const Recording& recording) {
  std::string out;
  for (const auto& trace : recording.traces) {
    out += fmt::format("trace {}\n", trace.seed);
    for (const auto& step : trace.steps) {
      out += fmt::format("{} -> {}\n", print_call(step.call), print_result(step.call.result));
      for (const auto& seen : step.seen) out += print_observation(seen) + "\n";
    }
    out += "end\n";
  }
  return out;
}

}  // namespace hmm
