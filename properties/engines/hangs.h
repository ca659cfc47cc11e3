#pragma once
#include <string>
#include <vector>

#include "properties/engines/judged_machine.h"

namespace hmm {

// Why it is not so that these are in want for ever where the machine is, if it takes the steps over
// and over; or, if there are no steps, that nothing goes on. Empty if it is so: a search for hangs
// says the same of graphs. The machine is left where it was, in a state that it can restart in.
std::string why_no_hang(JudgedMachine& machine, const Profile& k, const std::vector<Want>& wants,
                        const PlainSteps& cycle);

}  // namespace hmm
