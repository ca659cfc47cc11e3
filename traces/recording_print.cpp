#include <fmt/format.h>

#include <iterator>

#include "traces/recording_shapes.h"

namespace hmm {

std::string_view name_of(CallKind kind) { return shape_of(kind).name; }

std::string print_call(const RecordedCall& call) {
  const CallShape& shape = shape_of(call.kind);
  const auto a = shape.arguments;
  std::string out = fmt::format("{} {}", kActorNames[call.actor], shape.name);
  auto to = std::back_inserter(out);
  if (a == Arguments::child) out += " B";
  if (a == Arguments::device || a == Arguments::device_range || a == Arguments::device_range_value)
    fmt::format_to(to, " d{}", call.device);
  if (a == Arguments::page || a == Arguments::page_value || a == Arguments::page_page)
    fmt::format_to(to, " {}", call.first);
  else if (a != Arguments::none && a != Arguments::child && a != Arguments::device)
    fmt::format_to(to, " {}-{}", call.first, call.last);
  if (a == Arguments::range_rights || a == Arguments::range_rights_memory)
    out += call.write ? " rw" : call.read ? " r" : " none";
  if (a == Arguments::range_rights_memory) out += call.shared ? " shared" : " anon";
  if (a == Arguments::page_page) fmt::format_to(to, " {}", call.to);
  if (a == Arguments::page_value || a == Arguments::device_range_value)
    fmt::format_to(to, " {}", call.value);
  return out;
}

std::string print_result(const CallResult& r) {
  if (!r.unknown.empty()) return fmt::format("unknown: {}", r.unknown);
  if (r.outcome == Outcome::value) return fmt::format("{}", r.values[0]);
  std::string out(name_of(r.outcome));
  if (r.outcome == Outcome::held) return fmt::format("{} {}", out, kHeldAt);
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
