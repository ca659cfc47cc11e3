#include "tools/runs/check_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/defects.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/live_rows.h"
#include "traces/input.h"

namespace hmm {

// One row of all claims, the worst of them.
ReportRow liveness_row(const std::string& scope, const Profile& kernel, unsigned threads,
                       const Stop& stop, CheckLine& line) {
  LivenessOptions options;
  options.threads = threads;
  const Profile k = without_known_hangs(kernel);
  auto [r, rows] = live_rows(scope, k, options, stop);
  ReportRow row = rows.front();
  row.name = "liveness " + scope;
  row.seconds = r.seconds;
  std::size_t asked = 0, claims = 0;
  for (const auto& found : r.claims) {
    asked += found.asked;
    claims += found.asked == 0 ? 0 : 1;
  }
  for (const auto& one : rows) {
    const bool is_worse =
        one.judgement == Judgement::violated || one.judgement == Judgement::undecided;
    if (!is_worse || row.judgement == Judgement::violated) continue;
    row.judgement = one.judgement;
    row.detail = fmt::format("{} {}", one.facts["claim"].get<std::string>(), one.detail);
    row.trace = one.trace;
  }
  line.checked = fmt::format("{} claims of what ends", claims);
  line.numbers =
      fmt::format("{} states, {} edges, {} wants", grouped(r.states), grouped(r.edges), asked);
  return row;
}

ReportRow defect_row(const Defect& defect, const Profile& kernel, unsigned threads,
                     const Stop& stop, CheckLine& line) {
  Profile broken = kernel;
  broken.*switch_named(defect.name)->at = true;
  std::vector<std::string> missing;
  std::size_t found = 0;
  unsigned depth = 0;
  ReportRow row;
  row.name = fmt::format("explore {} {}", defect.scope, defect.name);
  for (const char* property : defect.breaks) {
    if (property == nullptr) continue;
    ExploreOptions options;
    options.properties = property_named(property);
    options.threads = threads;
    options.stop = stop.token();
    const ExploreResult r = explore(defect.scope, broken, options);
    row.seconds += r.seconds;
    if (r.bad == 0 && !r.complete) {
      row.judgement = Judgement::undecided;
      row.detail = fmt::format("stopped at {} states ({})", grouped(r.states), stop.reason());
      return row;
    }
    if (r.bad == 0) {
      missing.emplace_back(property);
      continue;
    }
    depth = found == 0 ? r.depth : std::min(depth, r.depth);
    ++found;
  }
  if (!missing.empty()) {
    row.judgement = Judgement::violated;
    row.detail = "known to break, and does not: " + joined(missing);
  }
  row.facts = {{"defect", defect.name}, {"breaks", found}, {"depth", depth}};
  line = {defect.name, fmt::format("breaks {} properties, the first at depth {}", found, depth),
          "known defect"};
  return row;
}

// Only that claim is looked at.
ReportRow hang_row(const KnownHang& hang, const Profile& kernel, unsigned threads, const Stop& stop,
                   CheckLine& line) {
  LivenessOptions options;
  options.threads = threads;
  Profile k = without_known_hangs(kernel);
  k.*switch_named(hang.mended_by)->at = !hang.mended_to;
  auto [r, rows] = live_rows(hang.scope, k, options, stop);
  ReportRow row;
  row.name = fmt::format("liveness {} {}", hang.scope, hang.name);
  row.seconds = r.seconds;
  for (auto& one : rows) {
    if (one.facts["claim"] != hang.claim) continue;
    if (one.judgement == Judgement::undecided) {
      row.judgement = one.judgement;
      row.detail = one.detail;
    } else if (one.judgement != Judgement::violated) {
      row.judgement = Judgement::violated;
      row.detail = fmt::format("known to break {}, and does not", hang.claim);
    }
    line = {hang.claim, "", "known hang"};
    if (one.judgement == Judgement::violated)
      line.numbers = fmt::format("hangs after {} steps, a cycle of {}", one.facts["steps"].dump(),
                                 one.facts["cycle"].dump());
  }
  row.facts = {{"hang", hang.name}, {"claim", hang.claim}};
  return row;
}

}  // namespace hmm
