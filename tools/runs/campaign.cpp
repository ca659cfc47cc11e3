#include "tools/runs/campaign.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/runs/rapid_calls.h"
#include "traces/call_text.h"

namespace hmm {
namespace {

class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options) : options_(options), result_(options.before) {}

  CampaignResult run() {
    while (result_.traces < options_.traces && !is_over()) {
      const std::size_t count = std::min(options_.batch, options_.traces - result_.traces);
      const auto drawn = draw(options_.seed + result_.traces, count);
      const auto driven = options_.drive(drawn);
      for (std::size_t i = 0; i < driven.size() && !is_over(); ++i) look_at(driven, i);
      if (driven.size() < count || is_over()) break;
      if (options_.batch_is_done) options_.batch_is_done(result_);
    }
    return std::move(result_);
  }

 private:
  std::vector<RecordedTrace> draw(std::uint64_t seed, std::size_t count) const {
    const auto& rules = options_.drawn_by;
    if (rules.empty()) return draw_traces(options_.model.profile, seed, count, options_.length);
    std::vector<RecordedTrace> traces;
    for (std::size_t i = 0; i < count; ++i)
      traces.push_back(
          draw_traces(rules[(seed + i) % rules.size()], seed + i, 1, options_.length).front());
    return traces;
  }

  // In what a trace is not as the model says.
  struct Seen {
    std::string name, says;
    RecordedTrace trace;  // up to the call
  };

  bool is_over() const { return options_.stop.stop_requested(); }

  std::optional<Seen> seen_in(const DrivenTrace& one) const {
    ConformReport report;
    conform({"the kernel", {one.trace}, {}}, options_.model, report);
    if (report.divergences.empty()) {
      // A call of which the model says that it hangs is no news.
      if (one.how != Driven::died_at_end) return std::nullopt;
      return Seen{"dies-at-the-end", one.console, one.trace};
    }
    const Divergence& d = report.divergences.front();
    const RecordedCall& call = d.trace.steps.back().call;
    const std::string result = print_result(call.result);
    const bool fails = call.result.ends_in(Ending::no_return);
    return Seen{fails ? fmt::format("{}-{}", result, row_of(call.what).name)
                      : fmt::format("differs-{}-{}", row_of(call.what).name,
                                    result.substr(0, result.find(' '))),
                fmt::format("{}: kernel {}, model {}\n{}", d.call, d.kernel, d.model, one.console),
                d.trace};
  }

  void look_at(const std::vector<DrivenTrace>& driven, std::size_t i) {
    ++result_.traces;
    result_.calls += driven[i].trace.steps.size();
    if (options_.came_back) options_.came_back(driven[i]);
    if (options_.progress) options_.progress(result_);
    const auto seen = seen_in(driven[i]);
    if (!seen) return;
    auto [known, is_new] = result_.findings.try_emplace(seen->name);
    Finding& finding = known->second;
    ++finding.times;
    if (!is_new) return;
    finding.name = seen->name;
    finding.says = seen->says;
    finding.seed = driven[i].trace.seed;
    finding.reduced = reduced(driven, i, seen->name);
    if (options_.alone_only && finding.reduced.traces.empty() && !is_over()) {
      result_.findings.erase(known);
      return;
    }
    if (options_.found) options_.found(finding);
  }

  // Of the trace alone, or with those that its kernel had been through, to what is still called so.
  Reduced reduced(const std::vector<DrivenTrace>& driven, std::size_t i, const std::string& name) {
    ReduceOptions options;
    options.drive = options_.drive_one;
    options.failing = [&](const DrivenTrace& one) -> std::optional<RecordedTrace> {
      auto seen = seen_in(one);
      if (!seen || seen->name != name) return std::nullopt;
      return std::move(seen->trace);
    };
    options.stop = options_.stop;
    Reduced alone = reduce({driven[i].trace}, options);
    if (!alone.traces.empty() || options_.alone_only || is_over()) return alone;
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
