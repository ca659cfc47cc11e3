#pragma once
#include <string_view>
#include <vector>

#include "model/profile.h"
#include "traces/recording.h"

// Calls that are held on their way through the kernel, drawn.
namespace hmm {

// Where a kernel of that profile comes by on its way through a call of that name, and may sleep:
// `at FUNCTION` or `after FUNCTION`. None of a call that is not to be held.
std::vector<std::string_view> places_of(std::string_view call, const Profile& k);

// The same calls, some of which are held at one of their places and go on a few calls later. It
// depends on the trace's seed and the kernel alone.
RecordedTrace hold_some(const RecordedTrace& trace, const Profile& k);

}  // namespace hmm
