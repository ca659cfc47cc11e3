#include <fmt/format.h>

#include <chrono>

#include "tools/runs/engine_rows.h"
#include "tools/runs/progress.h"

// Sequences of user calls.
namespace hmm {
namespace {

void judge(ReportRow& row, const RapidCallsResult& r, const Stop& stop) {
  if (!r.failure.empty()) {
    row.judgement = Judgement::violated;
    row.detail = fmt::format("{}; in sequence {}", r.failure, grouped(r.found_in));
    row.trace = print_recording({"drawn", {r.trace}, {}});
    return;
  }
  // Each reason counts: a run may have been stopped, and not known of a sequence before that.
  std::vector<std::string> reasons;
  if (r.refused != 0) {
    reasons.push_back(
        fmt::format("the model refused a step that a call needed, in {} of {} sequences: {}",
                    grouped(r.refused), grouped(r.sequences), r.refusal));
    row.trace = print_recording({"drawn", {r.trace}, {}});
  }
  if (stop.signal() != 0 || r.calls == 0)
    reasons.push_back(fmt::format("stopped after {} sequences ({})", grouped(r.sequences),
                                  stop.is_asked() ? stop.reason() : "no time"));
  if (reasons.empty()) return;
  row.judgement = Judgement::undecided;
  row.detail = fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

DrawnCalls rapid_calls_row(const Profile& k, RapidCallsOptions options, const Stop& stop) {
  Progress progress("random calls");
  options.stop = stop.token();
  options.progress = [&](std::uint64_t done) { progress.show(grouped(done) + " sequences"); };
  DrawnCalls out;
  out.row.name = "random calls";
  const auto start = std::chrono::steady_clock::now();
  decide(out.row, [&] {
    out.result = rapid_calls(k, options);
    judge(out.row, out.result, stop);
  });
  const RapidCallsResult& r = out.result;
  out.row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.row.facts = {
      {"engine", "random"},       {"profile", k.name},    {"seed", options.seed},
      {"sequences", r.sequences}, {"calls", r.calls},     {"succeeded", r.succeeded},
      {"steps", r.steps},         {"refused", r.refused}, {"found_in_sequence", r.found_in}};
  return out;
}

}  // namespace hmm
