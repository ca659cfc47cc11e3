#include "traces/conform.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "traces/conform_run.h"
#include "traces/recording_order.h"

namespace hmm {
namespace {

struct Difference {
  unsigned line;
  std::string kernel, model;
};

// The first thing that differs.
std::optional<Difference> difference(const Observation& expected, const Observation& found) {
  const char actor = kActorNames[expected.actor];
  for (unsigned v = 0; v < kRecordedPages; ++v)
    if (expected.page[v] != found.page[v])
      return Difference{expected.line,
                        fmt::format("{} page {} {}", actor, v, print_page(expected.page[v])),
                        print_page(found.page[v])};
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    for (unsigned v = 0; v < kRecordedPages; ++v)
      if (expected.snapshot[d][v] != found.snapshot[d][v])
        return Difference{
            expected.line,
            fmt::format("{} snapshot d{} page {} {:02x}", actor, d, v, expected.snapshot[d][v]),
            fmt::format("{:02x}", found.snapshot[d][v])};
  return std::nullopt;
}

std::optional<Difference> judge(const RecordedStep& step, const CallResult& result,
                                const ConformRun& run) {
  const unsigned line = step.call.line;
  const std::string expected = print_result(step.call.result);
  if (const std::string failure = run.failure(); !failure.empty())
    return Difference{line, expected, failure};
  if (step.call.result.ends_in(Ending::no_return) && run.is_undefined()) return std::nullopt;
  if (const std::string found = print_result(result); found != expected)
    return Difference{line, expected, found};
  if (step.seen.empty()) return std::nullopt;  // nobody looked
  std::vector<Observation> seen = step.seen;
  rename_frames(seen);
  const std::vector<Observation> found = run.observe();
  for (std::size_t i = 0; i < seen.size() && i < found.size(); ++i)
    if (auto d = difference(seen[i], found[i])) return d;
  if (seen.size() != found.size())
    return Difference{line, fmt::format("{} processes", seen.size()),
                      fmt::format("{}", found.size())};
  return std::nullopt;
}

// What the model would do without one of the profile's defects, beside what it does with it.
class WithoutDefect {
 public:
  WithoutDefect(const Defect& defect, const ConformOptions& options)
      : defect_(defect), options_(options) {
    options_.profile.*switch_named(defect.name)->at = false;
    if (defect.breaks[0] == nullptr) options_.violated = nullptr;
  }
  const char* name() const { return defect_.name; }
  void call(const RecordedCall& call) {
    if (!is_apart_) result_ = print_result(run_.call(call));
  }
  // Whether the properties are broken for the defect's sake: they are known to be, and without it
  // they hold.
  bool explains(const std::vector<std::string>& violated) const {
    return run_.failure().empty() &&
           std::all_of(violated.begin(), violated.end(), [&](const std::string& name) {
             return std::any_of(
                 defect_.breaks.begin(), defect_.breaks.end(),
                 [&](const char* known) { return known != nullptr && name == known; });
           });
  }
  // What is broken for the sake of another defect, that this run has as well, is none of its own.
  void tolerate(const std::vector<std::string>& violated) {
    const auto& own = run_.violated();
    if (std::all_of(own.begin(), own.end(), [&](const std::string& name) {
          return std::find(violated.begin(), violated.end(), name) != violated.end();
        }))
      run_.tolerate_violated();
  }
  // Whether the defect decided what the call did, to `run`, or what is seen after it. Then both go
  // on from there, once no call is under way.
  bool decided(const CallResult& result, const ConformRun& run) {
    const bool same =
        is_apart_ || (run_.failure().empty() && result_ == print_result(result) &&
                      run_.is_undefined() == run.is_undefined() && run_.observe() == run.observe());
    is_apart_ = is_apart_ || !same;
    if (is_apart_ && !run.is_under_way()) {
      run_.assume(run);
      is_apart_ = false;
    }
    return !same;
  }

 private:
  const Defect& defect_;
  ConformOptions options_;
  ConformRun run_{options_};
  std::string result_;
  bool is_apart_ = false;
};

std::vector<std::string> lines_of(const std::vector<Observation>& group) {
  std::vector<std::string> lines;
  for (const auto& seen : group) lines.push_back(print_observation(seen));
  return lines;
}

void conform_trace(const Recording& recording, const RecordedTrace& trace,
                   const ConformOptions& options, ConformReport& report) {
  ++report.traces;
  report.calls += trace.steps.size();
  ConformRun run(options);
  CallOrder order;
  std::deque<WithoutDefect> without;
  for (const auto& defect : kDefects)
    if (options.profile.*switch_named(defect.name)->at) without.emplace_back(defect, options);
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const RecordedStep& step = trace.steps[i];
    order.take(step.call);
    const auto before = run.observe();
    const CallResult result = run.call(step.call);
    if (!result.unknown.empty() && run.failure().empty()) {
      ++report.unknown[std::string(result.unknown)];
      ++report.not_to_the_end;
      return;
    }
    ++report.judged;
    for (auto& other : without) other.call(step.call);
    if (const auto& violated = run.violated(); !violated.empty())
      for (const auto& other : without)
        if (other.explains(violated)) {
          for (const auto& property : violated) ++report.broken[{other.name(), property}];
          for (auto& one : without) one.tolerate(violated);
          run.tolerate_violated();
          break;
        }
    if (auto d = judge(step, result, run)) {
      const auto end = trace.steps.begin() + static_cast<std::ptrdiff_t>(i + 1);
      report.divergences.push_back(
          {recording.source, d->line, print_call(step.call), d->kernel, d->model, lines_of(before),
           run.steps(), RecordedTrace{trace.line, trace.seed, {trace.steps.begin(), end}}});
      ++report.diverging;
      return;
    }
    ++report.agreeing_calls;
    for (auto& other : without)
      if (other.decided(result, run)) ++report.decided[other.name()];
  }
  ++report.agreeing;
}

}  // namespace

std::string print_divergence(const Divergence& d) {
  return fmt::format("{}:{}: {}: kernel {}, model {}", d.source, d.line, d.call, d.kernel, d.model);
}

std::string print_divergence_in_full(const Divergence& d) {
  std::string out = print_divergence(d);
  out += "\n  before the call:";
  for (const auto& line : d.before) out += "\n    " + line;
  out += "\n  the model's steps:";
  for (const auto& line : d.steps) out += "\n    " + line;
  return out;
}

void conform_own(const Recording& recording, const ConformOptions& options, ConformReport& report) {
  for (const auto& trace : recording.traces) conform_trace(recording, trace, options, report);
}

void ConformReport::add(const ConformReport& other) {
  traces += other.traces;
  agreeing += other.agreeing;
  diverging += other.diverging;
  not_to_the_end += other.not_to_the_end;
  calls += other.calls;
  judged += other.judged;
  agreeing_calls += other.agreeing_calls;
  divergences.insert(divergences.end(), other.divergences.begin(), other.divergences.end());
  for (const auto& [name, count] : other.unknown) unknown[name] += count;
  for (const auto& [name, count] : other.decided) decided[name] += count;
  for (const auto& [what, count] : other.broken) broken[what] += count;
}

SwapKernel named_kernel_of_recording(const std::string& path) {
  if (const auto kernel = kernel_of_recording(path)) return *kernel;
  reject({path}, "a name such as linux-6.12.txt", path);
}

std::optional<SwapKernel> kernel_of_recording(const std::string& path) {
  constexpr std::string_view prefix = "linux-";
  const std::size_t at = path.rfind(prefix);
  if (at == path.npos) return std::nullopt;
  std::string_view name = std::string_view(path).substr(at + prefix.size());
  if (name.ends_with(".txt")) name.remove_suffix(4);
  return swap_kernel_named(name);
}

}  // namespace hmm
