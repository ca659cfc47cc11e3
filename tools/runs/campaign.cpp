#include "tools/runs/campaign.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/runs/rapid_calls.h"
#include "traces/call_text.h"

namespace hmm {
namespace {

class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options) : options_(options) {}

  CampaignResult run() {
    while (result_.traces < options_.traces && !is_over()) {
      const std::size_t count = std::min(options_.batch, options_.traces - result_.traces);
      const auto drawn = draw_traces(options_.model.profile, options_.seed + result_.traces, count,
                                     options_.length);
      const auto driven = drive(drawn, options_.guest);
      for (std::size_t i = 0; i < driven.size() && !is_over(); ++i) look_at(driven, i);
      if (driven.size() < count) break;
    }
    return std::move(result_);
  }

 private:
  bool is_over() const { return options_.guest.stop.stop_requested(); }

  void look_at(const std::vector<DrivenTrace>& driven, std::size_t i) {
    const DrivenTrace& one = driven[i];
    ++result_.traces;
    result_.calls += one.trace.steps.size();
    if (options_.progress) options_.progress(result_);
    ConformReport report;
    conform({"the kernel", {one.trace}, {}}, options_.model, report);
    if (report.divergences.empty()) {
      // A call of which the model says that it hangs is no news.
      if (one.how == Driven::died_at_end) note("dies-at-the-end", one.console, driven, i);
      return;
    }
    const Divergence& d = report.divergences.front();
    const RecordedCall& call = d.trace.steps.back().call;
    const std::string name(row_of(call.what).name);
    const bool fails = call.result.ends_in(Ending::no_return);
    const std::string result = print_result(call.result);
    note(fails ? fmt::format("{}-{}", result, name)
               : fmt::format("differs-{}-{}", name, result.substr(0, result.find(' '))),
         fmt::format("{}: kernel {}, model {}\n{}", d.call, d.kernel, d.model, one.console), driven,
         i);
  }

  void note(const std::string& name, const std::string& says,
            const std::vector<DrivenTrace>& driven, std::size_t i) {
    auto [known, is_new] = result_.findings.try_emplace(name);
    Finding& finding = known->second;
    ++finding.times;
    if (!is_new) return;
    finding.name = name;
    finding.says = says;
    finding.seed = driven[i].trace.seed;
    finding.reduced = reduced(driven, i);
    if (options_.found) options_.found(finding);
  }

  // Of the trace alone, or with those that its kernel had been through.
  Reduced reduced(const std::vector<DrivenTrace>& driven, std::size_t i) {
    ReduceOptions options;
    options.drive = [this](const auto& traces) { return drive_one(traces, options_.guest); };
    options.differing = [this](const RecordedTrace& trace) -> std::optional<RecordedTrace> {
      ConformReport report;
      conform({"the kernel", {trace}, {}}, options_.model, report);
      if (report.divergences.empty()) return std::nullopt;
      return report.divergences.front().trace;
    };
    options.stop = options_.guest.stop;
    Reduced alone = reduce({driven[i].trace}, options);
    if (alone.how != Driven::whole || is_over()) return alone;
    std::size_t first = i;
    while (first > 0 && driven[first - 1].how == Driven::whole) --first;
    std::vector<RecordedTrace> all;
    for (std::size_t t = first; t <= i; ++t) all.push_back(driven[t].trace);
    return reduce(all, options);
  }

  const CampaignOptions& options_;
  CampaignResult result_;
};

}  // namespace

CampaignResult campaign(const CampaignOptions& options) { return Campaign(options).run(); }

}  // namespace hmm
