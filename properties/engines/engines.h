#pragma once
#include <array>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/domain/enumerators.h"
#include "model/machine.h"
#include "model/want.h"
#include "properties/engines/answer.h"
#include "properties/engines/property_set.h"

// The door to the engines: the name of a scope, a kernel and options in; what was found out, with
// steps and states without their scope. What asks here is not compiled anew when a rule changes.
namespace hmm {

enum class Engine { explore, walk, prove, live };

// Whether the engine is compiled for the scope of that name: what a row of kScopes says, of the
// scopes that this build has (the CMake option HMM_SCOPES; all unless it says which).
bool is_built(std::string_view scope, Engine engine, std::string_view rules = {});
// The scopes that this build has, or else the rules build of that name, in the order of kScopes.
std::vector<std::string> built_scopes(std::string_view rules = {});

// Everything below throws std::invalid_argument for an engine that is not built for the scope. An
// engine that is asked to stop does so within a second, with what it has found out until then.

// A switch that the user has set or a rule that they dropped, to be told if it decides nothing.
struct Override {
  std::string name;  // `owner_filter=0`, `zap_pte_range.put_page`
  Profile without;   // the profile but for it
};

// A run that ends in a violation.
struct Violation {
  PropertySet bad = 0;  // nothing is violated if this is empty
  PlainSteps steps;
};

// Edges of one kernel's states at which another one goes another way.
struct Difference {
  std::size_t kind = 0;     // of the step
  Verdict a{}, b{};         // that it has in the one kernel and in the other
  std::uint64_t edges = 0;  // if the verdicts are the same, that lead to different states
  PlainSteps steps;         // a shortest run of the one kernel to such a state, and the step
};

// The steps of another text of the rules than the engine's own: explore.h.
struct OtherSteps {
  virtual ~OtherSteps() = default;
};

struct ExploreOptions {
  PropertySet properties = kAllProperties;
  std::vector<Override> overrides;
  std::optional<Profile> other;             // whose steps are compared at every state
  const OtherSteps* other_steps = nullptr;  // explore() sets it where `other` has its own text
  std::optional<Leaves> start;              // else the initial state
  std::uint64_t max_states = 400'000'000;   // more is "could not decide"
  std::uint64_t max_share = ~0ull;          // of them in one thread's share
  unsigned max_depth = ~0u;
  unsigned threads = 2;
  bool witnesses = false;  // whether to give them
  // Goes on from whatever is violated, and gives the first state of each property in `violations`;
  // for so many states in all, as what comes after may not end.
  bool every_violation = false;
  std::uint64_t max_beyond = ~0ull;
  std::stop_token stop;
  // Called between rounds with the states so far and the depth. What it throws ends the search.
  std::function<void(std::uint64_t, unsigned)> progress;
  // Called once, as soon as a step goes another way in `other`, with one that has a shortest run.
  std::function<void(const Difference&)> first_difference;
  // Called with every state seen, once all are.
  std::function<void(const Leaves&)> each_state;
};

// By kind of step: one bit for each verdict that it gave.
using VerdictsSeen = std::vector<std::uint64_t>;
// How many there are, each step's by itself.
unsigned count_verdicts(const VerdictsSeen& seen);

// A shortest run whose last step gives the verdict.
struct Witness {
  std::size_t kind = 0;  // of that step
  Verdict verdict{};
  PlainSteps steps;
};

struct ExploreResult {
  std::uint64_t states = 0;
  std::uint64_t edges = 0;              // (state, step) pairs that take effect
  std::vector<std::uint64_t> edges_of;  // the same by step
  unsigned depth = 0;                   // of the last new state
  double seconds = 0;
  double bytes_per_state = 0;
  bool complete = false;  // every reachable state was seen
  // What the first state violates that breaks a promise and a shortest run there; if none does, or
  // no promise was asked for, the first that breaks anything.
  PropertySet bad = 0;
  PlainSteps counterexample;
  // A shortest run to what broke a strengthening only, if the search went on from there to a
  // promise.
  Violation weak;
  std::vector<Violation> violations;   // with every_violation: of one property each
  std::vector<std::string> undecided;  // overrides that changed no verdict and no effect
  // From `other`, of steps that at least one of the kernels takes: those with shorter runs first.
  std::vector<Difference> differences;
  // A shortest run whose last step leaves the ranges of the scope, and so the search; empty if none
  // does. Rules of which one is dropped may do that.
  PlainSteps way_out;
  VerdictsSeen seen;
  GivenCounts given;               // of the states
  std::vector<Witness> witnesses;  // one for each verdict seen of each step
};
// Every reachable state, breadth first.
ExploreResult explore(std::string_view scope, const Profile& k, const ExploreOptions& options = {});

// How many states a scope has, and how many edges of each step, that a walk is measured against.
struct ScopeTotals {
  std::uint64_t states = 0;
  std::vector<std::uint64_t> edges;
};

struct WalkOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 10'000'000;  // that take effect, over all threads
  double seconds = 1e9;
  unsigned episode = 250;  // of steps from the initial state, at most
  unsigned threads = 2;
  PropertySet properties = kAllProperties;
  std::vector<Override> overrides;
  ScopeTotals totals;      // empty: what is reached is not counted
  bool witnesses = false;  // whether to give them
  std::stop_token stop;
  std::function<void(std::uint64_t steps, double seconds)> progress;
};

// How many different states, and edges of each step, a walk came by: estimates, good to a tenth of
// a percent where there are a million. Empty and 0 if nothing was measured.
struct Reached {
  double states = 0;
  std::vector<double> edges;
};

struct WalkResult {
  std::uint64_t steps = 0;  // that took effect, each followed by all properties
  double seconds = 0;
  // As of ExploreResult, though no run is a shortest one.
  PropertySet bad = 0;
  PlainSteps counterexample;
  Violation weak;
  std::vector<std::string> undecided;
  // A run whose last step leaves the ranges of the scope, as rules of which one is dropped may do;
  // walks end there.
  PlainSteps way_out;
  GivenCounts given;  // of the states, each as often as it was come by
  VerdictsSeen seen;
  std::vector<Witness> witnesses;  // one for each verdict seen of each step; none is shortest
  Reached reached;
};
// Steps drawn at random from those that take effect, and rather those that were not taken yet, from
// the initial state and from others that were reached.
WalkResult walk(std::string_view scope, const Profile& k, const WalkOptions& options = {});

// So many states along walks of seed 1; fewer if one violates a property.
std::vector<Leaves> states_along_walk(std::string_view scope, const Profile& k, std::size_t count);

struct ProofResult;

struct ProveOptions {
  unsigned timeout_ms = 60'000;  // for one query
  unsigned threads = 2;
  PropertySet properties = kAllProperties;
  std::string only_step;  // empty for all
  std::stop_token stop;   // what was not asked by then is unknown
  // Called with what came out for a step, as soon as it has, by one thread at a time.
  std::function<void(const std::vector<ProofResult>&)> each_step;
};

// The inductive check of one step: if every property holds and the step takes effect, does this
// property hold after it?
struct ProofResult {
  std::size_t step = 0, property = 0;
  Answer answer = Answer::unknown;
  double ms = 0;
  // A refutation, replayed in Concrete: the state before, and the step.
  Leaves state;
  std::optional<PlainStep> counterexample;
  // Unknown, as the step leads out of the ranges of its scope, where nobody can say more.
  bool leaves_ranges = false;
};

// All steps, all properties. The initial state is checked too: initial_bad is what it violates.
struct ProofReport {
  std::vector<ProofResult> results;
  PropertySet initial_bad = 0;
  // By claim: whether it is given in some state in range that has every property. proved: one was
  // found; vacuous: in none, so what is proved of it says nothing; out_of_scope: not asked, or
  // about something that the scope has none of.
  std::vector<Answer> given;
  double seconds = 0;

  std::size_t count(Answer answer) const;
};
ProofReport prove(std::string_view scope, const Profile& k, const ProveOptions& options = {});

struct BoundedOptions {
  std::optional<Leaves> start;  // else the initial state
  PropertySet properties = kAllProperties;
  unsigned from = 0, to = 10;  // depths; it deepens and stops at the first with a violation
  unsigned timeout_ms = 120'000;
  std::stop_token stop;
};

struct BoundedResult {
  Answer answer = Answer::unknown;  // proved: none up to `depth`; refuted: first at `depth`
  unsigned depth = 0;
  PlainSteps counterexample;
  // A run whose last step leaves the ranges of the scope, if there is one and no violation.
  PlainSteps way_out;
  double seconds = 0;
};
// Whether a state that violates one of the properties can be reached within so many steps.
BoundedResult prove_bounded(std::string_view scope, const Profile& k,
                            const BoundedOptions& options = {});

// What liveness says: who gets through in the end, if nobody begins anything else. Whatever can go
// on all the time does go on (weak fairness, of each slot in flight and of each who tries again),
// and a driver that is able to gives a page back.
enum class LiveClaim {
  what_is_in_flight_ends,
  cpu_accesses_end,     // of any number of threads that want the same access
  device_accesses_end,  // likewise of a device
  evictions_end,
  additions_end,  // memory that is plugged in, a device's, and a notifier are there in the end
  removals_end,   // and gone
  rivals_end,     // two who want different things of a page: one of them gets through
};

// A run after which they who want something are in want for ever.
struct Hung {
  std::vector<Want> wants;  // empty: what is in flight is enough
  PlainSteps run;
  PlainSteps cycle;         // for ever after the run; empty: nothing goes on
  bool is_shortest = true;  // counted together; else there may be a shorter one
};

struct LivenessOptions {
  std::uint64_t max_states = 50'000'000;
  unsigned threads = 2;
  std::stop_token stop;
  // Called with what is being done, and how much of it is.
  std::function<void(std::string_view, std::uint64_t)> progress;
};

struct LivenessResult {
  std::uint64_t states = 0;
  std::uint64_t edges = 0;  // by which something goes on
  std::uint64_t starved =
      0;  // states in which something lacks memory or a slot, and nothing goes on
  double seconds = 0;
  bool complete = false;
  bool leaves_ranges = false;  // some step leads where the scope has no numbers
  struct Found {
    std::size_t asked = 0;     // who may want something, at this scope
    std::optional<Hung> hung;  // the shortest
  };
  std::array<Found, kEnumerators<LiveClaim>> claims;
};
LivenessResult liveness(std::string_view scope, const Profile& k,
                        const LivenessOptions& options = {});

}  // namespace hmm
