#include "properties/engines/rules_builds.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace hmm {
namespace {

using Key = std::pair<std::string, std::string>;  // the build and the scope

std::map<Key, ScopeEngines, std::less<>>& loaded() {
  static std::map<Key, ScopeEngines, std::less<>> builds;
  return builds;
}

// What one of the lists has and the other has not.
std::string difference(const std::vector<std::string>& own, const std::vector<std::string>& other) {
  const auto first_of_only = [](const auto& in, const auto& not_in) -> std::string {
    for (const auto& line : in)
      if (std::find(not_in.begin(), not_in.end(), line) == not_in.end()) return line;
    return "";
  };
  const std::string expected = first_of_only(own, other), found = first_of_only(other, own);
  if (expected.empty() && found.empty()) return "expected the same order, found another";
  return "expected " + (expected.empty() ? "no more" : expected) + ", found " +
         (found.empty() ? "none" : found);
}

// One run, that goes on in the text of whichever profile takes the next step.
class MachineOfAnyRules final : public JudgedMachine {
 public:
  MachineOfAnyRules(std::string_view scope, std::unique_ptr<JudgedMachine> own) : scope_(scope) {
    at_ = machines_.emplace("", std::move(own)).first;
  }

  const Scope& scope() const override { return now().scope(); }
  void restart(const Leaves* start) override { now().restart(start); }
  Leaves leaves() const override { return now().leaves(); }
  Verdict take(const Profile& k, const PlainStep& step) override { return of(k).take(k, step); }
  PropertySet violated(const Profile& k, PropertySet wanted) const override {
    return of(k).violated(k, wanted);
  }
  std::vector<BrokenClaim> broken(const Profile& k, PropertySet wanted) const override {
    return of(k).broken(k, wanted);
  }
  PlainSteps enabled(const Profile& k) const override { return of(k).enabled(k); }
  Standing standing(const Profile& k, const std::vector<Want>& wants) const override {
    return of(k).standing(k, wants);
  }
  bool is_in_range() const override { return now().is_in_range(); }

 private:
  JudgedMachine& now() const { return *at_->second; }
  JudgedMachine& of(const Profile& k) const {
    if (k.rules == at_->first) return now();
    auto next = machines_.find(k.rules);
    if (next == machines_.end()) {
      const ScopeEngines& engines = engines_at(scope_, k.rules);
      if (engines.machine == nullptr)
        throw std::invalid_argument("rules:" + k.rules + " are not built for scope " + scope_);
      next = machines_.emplace(k.rules, engines.machine()).first;
    }
    const Leaves here = now().leaves();
    at_ = next;
    now().restart(&here);
    return now();
  }

  std::string scope_;
  // By build; all are the same run, and one of them is where it is.
  mutable std::map<std::string, std::unique_ptr<JudgedMachine>, std::less<>> machines_;
  mutable decltype(machines_)::iterator at_;
};

}  // namespace

void add_rules(const std::string& rules, const RulesDoor& door) {
  const std::string what = "rules:" + rules + " at " + std::string(door.scope);
  const ScopeEngines& own = engines_at(door.scope, "");
  if (door.size != sizeof(ScopeEngines))
    throw std::invalid_argument(what + ": built for another program");
  if (own.shape == nullptr) throw std::invalid_argument(what + ": this program has no such scope");
  const auto expected = own.shape(), found = door.engines.shape();
  if (expected != found) throw std::invalid_argument(what + ": " + difference(expected, found));
  loaded()[{rules, std::string(door.scope)}] = door.engines;
}

bool has_rules(std::string_view rules) {
  return std::any_of(loaded().begin(), loaded().end(),
                     [&](const auto& one) { return one.first.first == rules; });
}

const ScopeEngines* loaded_engines(std::string_view scope, std::string_view rules) {
  const auto found = loaded().find(Key{rules, scope});
  return found == loaded().end() ? nullptr : &found->second;
}

std::unique_ptr<JudgedMachine> machine_of_any_rules(std::string_view scope,
                                                    std::unique_ptr<JudgedMachine> own) {
  if (own == nullptr) return own;
  return std::make_unique<MachineOfAnyRules>(scope, std::move(own));
}

}  // namespace hmm
