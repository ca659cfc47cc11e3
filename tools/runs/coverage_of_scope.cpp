#include "tools/runs/coverage_of_scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/defects.h"
#include "model/step_infos.h"
#include "properties/engines/explored.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

// In percent, and which step has least of its edges.
struct Share {
  double states = 0, edges = 0, least = 100;
  std::string_view least_of = "none";
};

double percent(double part, std::uint64_t whole) {
  // What was reached is an estimate, and may be more than all by a little.
  return whole == 0 ? 0 : std::min(100.0, 100 * part / static_cast<double>(whole));
}

Share share_of(const WalkResult& r, const ScopeTotals& totals) {
  Share share;
  double reached = 0;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < totals.edges.size(); ++i) {
    reached += r.reached.edges[i];
    all += totals.edges[i];
    const double of_step = percent(r.reached.edges[i], totals.edges[i]);
    if (totals.edges[i] != 0 && of_step < share.least) {
      share.least = of_step;
      share.least_of = step_infos()[i].name;
    }
  }
  share.states = percent(r.reached.states, totals.states);
  share.edges = percent(reached, all);
  return share;
}

}  // namespace

ScopeTotals totals_of(const std::string& scope, const Profile& k) {
  const ExploredCounts* const known = explored_at(scope);
  if (known == nullptr || k != without_breaking_defects(load_profile("6.12"))) return {};
  ScopeTotals totals{known->states, std::vector<std::uint64_t>(step_infos().size())};
  for (std::size_t i = 0; i < totals.edges.size(); ++i)
    for (const auto& [step, edges] : known->edges_of)
      if (step == step_infos()[i].name) totals.edges[i] = edges;
  return totals;
}

void say_coverage(const std::string& scope, const WalkResult& r, const ScopeTotals& totals,
                  const Report& report, ReportRow& row) {
  const unsigned verdicts = count_verdicts(r.seen);
  row.facts["verdicts_reached"] = verdicts;
  if (totals.states == 0) {
    report.say(fmt::format("came by {} verdicts of steps", verdicts));
    return;
  }
  const ExploredCounts& all = *explored_at(scope);
  const Share share = share_of(r, totals);
  row.facts.update({{"verdicts", all.verdicts},
                    {"percent_of_states", share.states},
                    {"percent_of_edges", share.edges},
                    {"percent_of_edges_of_least_step", share.least}});
  report.say(fmt::format(
      "came by {:.2f} % of {} states, {:.2f} % of {} edges, least of {} ({:.2f} %), and {} of {} "
      "verdicts of steps",
      share.states, grouped(all.states), share.edges, grouped(all.edges), share.least_of,
      share.least, verdicts, all.verdicts));
}

}  // namespace hmm
