#include <fmt/format.h>

#include "properties/engines/judged_machine.h"

namespace hmm {
namespace {

Actors actors_of(const Turn& turn) { return hmm::actors_of(turn.flights, turn.wants); }

class Judge {
 public:
  Judge(JudgedMachine& machine, const Profile& k, const std::vector<Want>& wants)
      : machine_(machine), k_(k), wants_(wants), all_((WantSet{1} << wants.size()) - 1) {}

  std::string why_not(const PlainSteps& cycle) {
    const Leaves start = machine_.leaves();
    std::string why = cycle.empty() ? why_not_stuck() : "";
    for (std::size_t i = 0; why.empty() && i < cycle.size(); ++i) why = why_not(cycle[i], i + 1);
    if (why.empty() && machine_.leaves() != start) why = "that it ends elsewhere than it began";
    if (const Actors left = able_ & ~satisfied_ & ~taken_; why.empty() && left != 0)
      why = "that somebody who can go on all the time never does";
    if (const Actors left = able_ & asleep_ & ~taken_; why.empty() && left != 0)
      why = "that somebody who sleeps until they can go on never does";
    machine_.restart(&start);
    return why;
  }

 private:
  std::string why_not_stuck() const {
    const Standing at = machine_.standing(k_, wants_);
    if (at.pending != all_) return "that not all of them are in want";
    if (!at.moving.empty()) return "that something goes on";
    if (at.lacking != 0) return "that memory or a slot is lacking";
    if (wants_.empty() ? at.in_flight == 0 : at.asleep >> 32 == 0) return "that nobody waits";
    return "";
  }

  std::string why_not(const PlainStep& step, std::size_t number) {
    const Standing at = machine_.standing(k_, wants_);
    if (at.pending != all_)
      return fmt::format("that not all of them are in want before step {} of the cycle", number);
    const Leaves here = machine_.leaves();
    const Standing::Moving* taken = nullptr;
    Actors able = 0, moving = 0;
    for (const auto& one : at.moving) {
      able |= actors_of(one.turn);
      machine_.restart(&here);
      machine_.take(k_, one.step);
      if (machine_.leaves() != here || one.ends) moving |= actors_of(one.turn);
      if (one.step == step) taken = &one;
    }
    machine_.restart(&here);
    // Who waits for a slot of the scope only would not in a kernel.
    able |= at.lacking;
    able_ |= able;
    asleep_ |= at.asleep;
    satisfied_ |= ~able;
    if (taken == nullptr || taken->ends)
      return fmt::format("that step {} of the cycle is nobody's turn", number);
    machine_.take(k_, step);
    const Actors actors = actors_of(taken->turn);
    taken_ |= machine_.leaves() == here ? actors & ~moving : actors;
    return "";
  }

  JudgedMachine& machine_;
  const Profile& k_;
  const std::vector<Want>& wants_;
  WantSet all_;
  Actors able_ = 0, satisfied_ = 0, taken_ = 0, asleep_ = 0;
};

}  // namespace

std::string why_no_hang(JudgedMachine& machine, const Profile& k, const std::vector<Want>& wants,
                        const PlainSteps& cycle) {
  return Judge(machine, k, wants).why_not(cycle);
}

}  // namespace hmm
