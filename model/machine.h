#pragma once
#include <cstdint>
#include <vector>

#include "model/profile.h"
#include "model/scope.h"
#include "model/verdict.h"

// Steps, states and runs without their scope, for what need not be compiled once for each.
namespace hmm {

// A step without its scope: which alternative of Step, and its values in the order of fields().
struct PlainStep {
  std::size_t kind = 0;
  std::vector<unsigned> values;
  friend auto operator<=>(const PlainStep&, const PlainStep&) = default;
};

using PlainSteps = std::vector<PlainStep>;

// A state without its scope: its leaves in the order of fields().
using Leaves = std::vector<std::uint8_t>;

// One run at a scope that is known only when the program runs.
class Machine {
 public:
  virtual ~Machine() = default;
  virtual const Scope& scope() const = 0;
  virtual void restart(const Leaves* start = nullptr) = 0;  // null: in initial_state()
  virtual Leaves leaves() const = 0;
  // Takes the step if it takes effect. Its verdict either way.
  virtual Verdict take(const Profile& k, const PlainStep& step) = 0;
};

}  // namespace hmm
