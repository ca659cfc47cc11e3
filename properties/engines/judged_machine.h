#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "model/machine.h"
#include "properties/engines/property_set.h"
#include "properties/engines/standing.h"

namespace hmm {

// A run that also says which properties do not hold where it is.
class JudgedMachine : public Machine {
 public:
  virtual PropertySet violated(const Profile& k, PropertySet wanted) const = 0;
  // The instances of claims of `wanted` that do not hold.
  virtual std::vector<BrokenClaim> broken(const Profile& k, PropertySet wanted) const = 0;
  // The steps that take effect here, those of a kind together, in the order of Step's alternatives.
  virtual PlainSteps enabled(const Profile& k) const = 0;
  // Who is in flight or in want here, and what goes on.
  virtual Standing standing(const Profile& k, const std::vector<Want>& wants) const = 0;
  // Whether the state is in the ranges of the scope: where it is not, nobody can say what comes.
  virtual bool is_in_range() const = 0;
};

// A machine in the initial state of the scope of that name; null if this build has no such scope.
std::unique_ptr<JudgedMachine> machine_at(std::string_view scope);

// Takes the steps up to the first after which one of `wanted` is violated, from `start` or else
// from the initial state. What is violated there; 0 if nothing ever is.
PropertySet first_violation(JudgedMachine& machine, const Profile& k, const PlainSteps& steps,
                            PropertySet wanted, const Leaves* start = nullptr);

// Why it is not so that these are in want for ever where the machine is, if it takes the steps over
// and over; or, if there are no steps, that nothing goes on. Empty if it is so: a search for hangs
// says the same of graphs. The machine is left where it was.
std::string why_no_hang(JudgedMachine& machine, const Profile& k, const std::vector<Want>& wants,
                        const PlainSteps& cycle);

}  // namespace hmm
