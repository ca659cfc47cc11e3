#pragma once
#include <algorithm>
#include <array>

#include "model/rules.h"
#include "model/step_infos.h"
#include "model/steps.h"

namespace hmm {

// The kernel as each step is to know it: with the dropped rules only where the step's text names
// one of them, since whoever may lack a rule asks for every word.
class StepKernels {
 public:
  explicit StepKernels(const Profile& k) : whole_(k), plain_(k) {
    plain_.drops = {};
    for (std::size_t kind = 0; !k.drops.empty() && kind < kSteps; ++kind)
      names_[kind] = names_any_of(kind, k.drops);
  }
  const Profile& whole() const { return whole_; }
  const Profile& of(std::size_t kind) const { return names_[kind] ? whole_ : plain_; }

  // The step may go another way in the other kernel. If it may not, its text is the same in both,
  // and comes by no rule that either of them lacks.
  bool may_differ(const StepKernels& other, std::size_t kind) const {
    Profile a = plain_, b = other.plain_;
    if (a.edit != b.edit) {
      const std::string_view step = step_infos()[kind].name;
      if (a.edit.is_of(step) || b.edit.is_of(step)) return true;
      a.edit = b.edit = {};
    }
    return a != b || names_[kind] || other.names_[kind];
  }

 private:
  bool names_any_of(std::size_t kind, const Drops& drops) const {
    RuleNotes notes;
    survey_step(kind, plain_, notes);
    return std::any_of(notes.begin(), notes.end(), [&](const RuleNote& n) {
      return drops.has({n.of, n.word});
    });
  }

  Profile whole_, plain_;
  std::array<bool, kSteps> names_{};
};

}  // namespace hmm
