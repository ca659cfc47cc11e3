#include "traces/conform.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "model/defects.h"
#include "traces/conform_run.h"

namespace hmm {
namespace {

// What is compared is said: all of it, or what differs.
enum class Said { all, differing };

// Page by page, then each device's snapshot of it.
void compare(const Observation& expected, const Observation& found, Said said,
             std::vector<Compared>& out) {
  const char actor = kActorNames[expected.actor];
  for (unsigned v = 0; v < kRecordedPages; ++v)
    if (const bool differs = expected.page[v] != found.page[v]; differs || said == Said::all)
      out.push_back({expected.line, fmt::format("{} page {}", actor, v),
                     print_page(expected.page[v]), print_page(found.page[v]), differs});
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    for (unsigned v = 0; v < kRecordedPages; ++v) {
      const unsigned kernel = expected.snapshot[d][v], model = found.snapshot[d][v];
      if (kernel != model || said == Said::all)
        out.push_back({expected.line, fmt::format("{} snapshot d{} page {}", actor, d, v),
                       fmt::format("{:02x}", kernel), fmt::format("{:02x}", model),
                       kernel != model});
    }
}

// The result, then what is seen of each process.
std::vector<Compared> compare(const RecordedStep& step, const CallResult& result,
                              const ConformRun& run, Said said) {
  const unsigned line = step.call.line;
  const std::string failure = run.failure(), kernel = print_result(step.call.result);
  const std::string model = failure.empty() ? print_result(result) : failure;
  std::vector<Compared> out;
  if (kernel != model || said == Said::all)
    out.push_back({line, "result", kernel, model, kernel != model});
  if (step.seen.empty()) return out;  // nobody looked
  std::vector<Observation> seen = step.seen;
  rename_frames(seen);
  const std::vector<Observation> found = run.observe();
  for (std::size_t i = 0; i < seen.size() && i < found.size(); ++i)
    compare(seen[i], found[i], said, out);
  if (seen.size() != found.size())
    out.push_back(
        {line, "processes", std::to_string(seen.size()), std::to_string(found.size()), true});
  return out;
}

// The first thing that differs.
std::optional<Compared> judge(const RecordedStep& step, const CallResult& result,
                              const ConformRun& run) {
  if (run.failure().empty() && step.call.result.ends_in(Ending::no_return) && run.is_undefined())
    return std::nullopt;
  const auto differing = compare(step, result, run, Said::differing);
  return differing.empty() ? std::nullopt : std::optional(differing.front());
}

// What the kernel did, with what it is of unless that is the call's result.
std::string said_of_kernel(const Compared& d) {
  return d.what == "result"      ? d.kernel
         : d.what == "processes" ? d.kernel + " processes"
                                 : d.what + " " + d.kernel;
}

// What the model would do without one of the profile's defects, beside what it does with it.
class WithoutDefect {
 public:
  WithoutDefect(const Defect& defect, const ConformOptions& options)
      : defect_(defect), options_(options) {
    options_.profile.*switch_named(defect.name)->at = false;
    options_.after_call = nullptr;
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

// Where a call that waits is to be held once it goes on: what it comes to next says so.
std::string_view place_to_come(const RecordedTrace& trace, std::size_t waiting) {
  const RecordedCall& call = trace.steps[waiting].call;
  for (std::size_t i = waiting + 1; i < trace.steps.size(); ++i) {
    const RecordedCall& next = trace.steps[i].call;
    if (call.repeats(next) && !next.result.is(Outcome::waits)) return next.result.held_at;
  }
  return {};
}

void conform_trace(const Recording& recording, const RecordedTrace& trace,
                   const ConformOptions& options, ConformReport& report) {
  ++report.traces;
  report.calls += trace.steps.size();
  ConformRun run(options);
  std::deque<WithoutDefect> without;
  for (const auto& defect : kDefects)
    if (options.profile.*switch_named(defect.name)->at) without.emplace_back(defect, options);
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const RecordedStep& step = trace.steps[i];
    const auto before = run.observe();
    RecordedCall asked = step.call;
    if (asked.result.is(Outcome::waits)) asked.result.held_at = place_to_come(trace, i);
    const CallResult result = run.call(asked);
    if (options.after_call)
      options.after_call(step.call, {run.taken(), compare(step, result, run, Said::all)});
    for (auto& other : without) other.call(asked);
    if (const auto& violated = run.violated(); !violated.empty())
      for (const auto& other : without)
        if (other.explains(violated)) {
          for (const auto& property : violated) ++report.broken[{other.name(), property}];
          for (auto& one : without) one.tolerate(violated);
          run.tolerate_violated();
          break;
        }
    if (!result.unknown.empty() && run.failure().empty()) {
      ++report.unknown[std::string(result.unknown)];
      ++report.not_to_the_end;
      return;
    }
    ++report.judged;
    if (auto d = judge(step, result, run)) {
      const auto end = trace.steps.begin() + static_cast<std::ptrdiff_t>(i + 1);
      report.divergences.push_back(
          {recording.source, d->line, print_call(step.call), said_of_kernel(*d), d->model,
           lines_of(before), run.steps(),
           RecordedTrace{trace.line, trace.seed, {trace.steps.begin(), end}}});
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
