#include "tools/runs/teeth.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "model/defects.h"
#include "model/domain/enumerators.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/engines/compare_steps.h"
#include "properties/engines/explored.h"
#include "tools/runs/report.h"
#include "traces/conform.h"

namespace hmm {
namespace {

// Most are noticed among the first states of some scope; who is not is looked for in all of them.
constexpr std::uint64_t kFewStates = 60'000, kManyStates = 700'000;
constexpr std::uint64_t kMostStates = 20'000'000;  // of a scope that is looked into at all
constexpr std::uint64_t kLiveStates = 3'000'000;   // of a scope that is asked what ends
constexpr std::uint64_t kWalkSteps = 1'500'000;

class Clock {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string name_of_first(PropertySet set) { return names_of_properties(first_of(set)).front(); }

bool has_step(const std::string& scope, const std::string& step) {
  const Scope& sizes = scope_named(scope)->scope;
  return std::none_of(step_infos().begin(), step_infos().end(), [&](const StepInfo& info) {
    return info.name == step && info.is_out_of_scope(sizes);
  });
}

BiteMark equal() { return {Bite::equal, "no step leads elsewhere", "pair", 0, 0}; }

void keep(std::optional<BiteMark>& to, BiteMark mark) {
  if (!to) to = std::move(mark);
}

}  // namespace

Teeth::Teeth(const Profile& k, const std::vector<KernelRecording>& recordings, std::stop_token stop)
    : k_(k), recordings_(recordings), stop_(std::move(stop)) {
  std::vector<std::pair<std::uint64_t, std::string>> known;
  for (const auto& scope : kScopes)
    if (scope.explore != Use::none && is_built(scope.name, Engine::explore))
      if (const auto* e = explored_at(scope.name); e != nullptr && e->states <= kMostStates)
        known.emplace_back(e->states, scope.name);
  std::sort(known.begin(), known.end());
  for (const auto& [states, name] : known) scopes_.push_back(name);
}

void Teeth::explore_at(const std::string& scope, const Profile& mutated, std::uint64_t max_states,
                       Search& search) const {
  ExploreOptions options;
  options.max_states = max_states;
  options.threads = 1;
  options.stop = stop_;
  const ExploreResult r = explore(scope, mutated, options);
  const auto note = [&](const Violation& v) {
    if (v.bad == 0) return;
    const PropertySet promised = v.bad & promises();
    keep(promised != 0 ? search.promise : search.strengthening,
         {promised != 0 ? Bite::promise : Bite::strengthening,
          name_of_first(promised != 0 ? promised : v.bad), scope, v.steps.size(), 0});
  };
  note({r.bad, r.counterexample});
  note(r.weak);
  const auto* known = explored_at(scope);
  if (r.bad == 0 && r.complete && (known->states != r.states || known->edges != r.edges))
    keep(search.count, {Bite::count, fmt::format("{} states", grouped(r.states)), scope, 0, 0});
}

void Teeth::walk_at(const std::string& scope, const Profile& mutated, Search& search) const {
  WalkOptions options;
  options.threads = 1;
  options.steps = kWalkSteps;
  options.properties = promises();
  options.stop = stop_;
  const WalkResult r = walk(scope, mutated, options);
  if (r.bad != 0)
    keep(search.promise, {Bite::promise, name_of_first(r.bad), scope, r.counterexample.size(), 0});
}

std::optional<BiteMark> Teeth::search(const Mutant& mutant, const Profile& mutated,
                                      Search& search) const {
  for (const std::uint64_t most : {kFewStates, kManyStates}) {
    for (const auto& scope : scopes_) {
      if (stop_.stop_requested()) return std::nullopt;
      if (!has_step(scope, mutant.step)) continue;
      explore_at(scope, mutated, most, search);
      if (search.promise) return search.promise;
    }
    if (most != kFewStates) continue;
    if (const auto mark = record(mutant)) return mark;
    // Perhaps there is nothing to be noticed: what follows takes longer than to ask. Where two
    // ranges or migrations can be under way there may be, and `pair` has one of each.
    const bool differs = search.strengthening || search.count;
    if (!mutant.is_edit() && !differs && is_equal(mutant, mutated)) return equal();
    walk_at("pair", mutated, search);
    if (search.promise) return search.promise;
  }
  return std::nullopt;
}

std::optional<BiteMark> Teeth::record(const Mutant& mutant) const {
  for (const auto& one : recordings_) {
    ConformOptions options{mutant.of(one.profile), one.kernel, {}};
    Recording some{one.recording.source, {}, {}};
    for (const auto& trace : one.recording.traces) {
      if (stop_.stop_requested()) return std::nullopt;
      some.traces = {trace};
      ConformReport report;
      conform(some, options, report);
      if (!report.divergences.empty()) {
        const Divergence& d = report.divergences.front();
        return BiteMark{Bite::recording, fmt::format("{}:{}", d.source, d.line), d.call, 0, 0};
      }
    }
  }
  return std::nullopt;
}

// The kernel is taken without its known hangs.
std::optional<BiteMark> Teeth::hang(const Mutant& mutant) const {
  const Profile mutated = mutant.of(without_known_hangs(k_));
  LivenessOptions options;
  options.max_states = kLiveStates;
  options.threads = 1;
  options.stop = stop_;
  for (const auto& scope : scopes_) {
    if (scope_named(scope)->live < Use::checked || !has_step(scope, mutant.step)) continue;
    if (explored_at(scope)->states > kLiveStates) continue;
    const LivenessResult r = liveness(scope, mutated, options);
    for (unsigned c = 0; c < kEnumerators<LiveClaim>; ++c)
      if (const auto& hung = r.claims[c].hung)
        return BiteMark{Bite::liveness, std::string(enumerator_name(static_cast<LiveClaim>(c))),
                        scope, hung->run.size() + hung->cycle.size(), 0};
  }
  return std::nullopt;
}

std::optional<BiteMark> Teeth::prove(const Mutant& mutant, const Profile& mutated, Bite bite,
                                     PropertySet properties) const {
  ProveOptions options;
  options.properties = properties;
  options.threads = 1;
  options.only_step = mutant.step;
  options.stop = stop_;
  for (const auto& r : hmm::prove("pair", mutated, options).results)
    if (r.answer == Answer::refuted)
      return BiteMark{bite, std::string(property_infos()[r.property].name), "pair", 1, 0};
  return std::nullopt;
}

bool Teeth::is_equal(const Mutant& mutant, const Profile& mutated) const {
  CompareOptions options;
  options.threads = 1;
  options.only_step = mutant.step;
  options.first_difference = options.where_steps_lead = true;
  options.stop = stop_;
  const auto all = compare_steps("pair", k_, mutated, options);
  return std::all_of(all.begin(), all.end(), [](const StepComparison& one) {
    return one.answer == Answer::proved || one.answer == Answer::out_of_scope;
  });
}

std::optional<BiteMark> Teeth::judge(const Mutant& mutant) const {
  const Clock clock;
  const Profile mutated = mutant.of(k_);
  Search found;
  std::optional<BiteMark> mark;
  // Of one step and one field a proof says most quickly that there is nothing to be noticed, as of
  // a count that the step only clears when a page is freed. That is of the kernel without defects;
  // the kernels that were recorded have theirs.
  if (mutant.is_edit() && is_equal(mutant, mutated)) mark = record(mutant).value_or(equal());
  if (!mark) mark = search(mutant, mutated, found);
  if (stop_.stop_requested()) return std::nullopt;
  if (!mark) mark = hang(mutant);
  if (!mark) mark = prove(mutant, mutated, Bite::proof, promises());
  if (!mark) mark = found.strengthening;
  if (!mark) mark = found.count;
  if (!mark) mark = prove(mutant, mutated, Bite::strengthening, ~promises());
  if (!mark) mark = BiteMark{};
  if (stop_.stop_requested()) return std::nullopt;
  mark->seconds = clock.seconds();
  return mark;
}

}  // namespace hmm
