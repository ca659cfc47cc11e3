#include "traces/rule_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "model/rules.h"

namespace hmm {
namespace {

// How many characters have to change to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// The rules of the same step or function, if there is one; else the nearest of all.
std::vector<std::string> names_near(std::string_view text) {
  constexpr std::size_t kNear = 3;
  std::vector<std::string> near;
  for (const auto& r : rules())
    if (r.id.of == text.substr(0, text.find('.'))) near.push_back(print_rule(r.id));
  if (!near.empty()) return near;
  for (const auto& r : rules()) near.push_back(print_rule(r.id));
  std::stable_sort(near.begin(), near.end(), [&](const std::string& a, const std::string& b) {
    return distance(a, text) < distance(b, text);
  });
  near.resize(kNear);
  return near;
}

}  // namespace

std::string print_rule(const RuleId& id) { return fmt::format("{}.{}", id.of, id.word); }

RuleId parse_rule(std::string_view text, const Origin& at) {
  if (const Rule* rule = rule_named(text); rule != nullptr) return rule->id;
  reject(at, fmt::format("a rule of `hmmcheck list steps`, such as {}", joined(names_near(text))),
         text.empty() ? "none" : text);
}

void drop_rule(Profile& profile, std::string_view text, const Origin& at) {
  if (!profile.drops.add(parse_rule(text, at)))
    reject(at, fmt::format("at most {} rules to drop", Drops::kMost), "one more");
}

Profile without_rules(Profile profile, const std::vector<std::string>& texts) {
  for (const auto& text : texts) drop_rule(profile, text, {"--drop"});
  return profile;
}

}  // namespace hmm
