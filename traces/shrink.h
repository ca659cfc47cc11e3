#pragma once
#include <functional>

#include "model/machine.h"

// The shortest, canonical form of a run that fails.
namespace hmm {

// Steps that still fail, and that fail no more if one or two of them are left out, if a value is
// made smaller, or if things are named more nearly in order of first use. They are a least form
// near the steps given, and not always the least of all: one bug may keep a few texts, where it
// takes two changes at once to come from one to the other.
//
// `fails(steps)` runs them from `start`, or else the initial state, where a step that is rejected
// changes nothing, and must depend on the steps alone. What shrink() gives, shrink() gives back;
// and steps that do not fail come back as they are.
PlainSteps shrink(Machine& machine, const Profile& k, const PlainSteps& steps,
                  const std::function<bool(const PlainSteps&)>& fails,
                  const Leaves* start = nullptr);

}  // namespace hmm
