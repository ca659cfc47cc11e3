#include "tools/runs/diff_ends.h"

#include <algorithm>

#include "model/scopes.h"
#include "tools/runs/live_rows.h"

namespace hmm {
namespace {

// Tenths of a second, seconds, and ten of them: who shares a page waits for its migration.
const std::vector<std::string> kQuick{"waiters", "crowd"}, kSlower{"tiny", "worker", "lives"},
    kSlow{"faults"};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool policies_differ(const Profile& a, const Profile& b) {
  return std::any_of(kSwitches.begin(), kSwitches.end(), [&](const Switch& s) {
    return s.group == SwitchGroup::policy && a.*s.at != b.*s.at;
  });
}

}  // namespace

std::vector<std::string> scopes_of_ends(const Profile& a, const Profile& b, bool steps_differ,
                                        bool all) {
  const bool more = all || policies_differ(a, b);
  std::vector<std::string> scopes;
  if (!more && !steps_differ) return scopes;
  for (const auto& row : kScopes)
    if ((has(kQuick, row.name) || (more && has(kSlower, row.name)) ||
         (all && has(kSlow, row.name))) &&
        is_built(row.name, Engine::live, a.rules) && is_built(row.name, Engine::live, b.rules))
      scopes.emplace_back(row.name);
  return scopes;
}

EndsDiff diff_ends(const Profile& a, const Profile& b, const std::vector<std::string>& scopes,
                   unsigned threads, const Stop& stop) {
  EndsDiff out{.scopes = scopes, .found = {}, .not_to_the_end = {}};
  LivenessOptions options;
  options.threads = threads;
  for (const auto& scope : scopes) {
    const auto in_a = live_rows(scope, a, options, stop), in_b = live_rows(scope, b, options, stop);
    if (!in_a.result.complete || !in_b.result.complete) {
      out.not_to_the_end.push_back(scope);
      continue;
    }
    for (std::size_t i = 0; i < in_a.rows.size(); ++i) {
      const bool hangs_a = in_a.rows[i].judgement == Judgement::violated,
                 hangs_b = in_b.rows[i].judgement == Judgement::violated;
      const std::string claim(name_of(static_cast<LiveClaim>(i)));
      const bool is_known = std::any_of(
          out.found.begin(), out.found.end(),
          [&](const EndsDifference& one) { return one.claim == claim && one.in_b == hangs_b; });
      if (hangs_a == hangs_b || is_known) continue;
      const ReportRow& row = hangs_b ? in_b.rows[i] : in_a.rows[i];
      out.found.push_back({scope, claim, row.detail, row.trace, hangs_b});
    }
  }
  return out;
}

}  // namespace hmm
