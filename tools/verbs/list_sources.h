#pragma once

namespace hmm {

// What the sources of HMM state, each with where the model has it and by which command it works, or
// what is missing, or why it is refused; and how many there are of each.
void list_sources(bool json);

}  // namespace hmm
