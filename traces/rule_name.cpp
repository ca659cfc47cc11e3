#include "traces/rule_name.h"

#include <fmt/format.h>

#include "model/rules.h"
#include "traces/nearest.h"

namespace hmm {
namespace {

// The rules of the same step or function, if there is one; else the nearest of all.
std::vector<std::string> names_near(std::string_view text) {
  constexpr std::size_t kNear = 3;
  std::vector<std::string> near;
  for (const auto& r : rules())
    if (r.id.of == text.substr(0, text.find('.'))) near.push_back(print_rule(r.id));
  if (!near.empty()) return near;
  for (const auto& r : rules()) near.push_back(print_rule(r.id));
  near = nearest(text, std::move(near));
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
