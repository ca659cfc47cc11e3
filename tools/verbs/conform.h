#pragma once
#include <string>
#include <vector>

#include "traces/conform.h"

namespace CLI {
class App;
}

namespace hmm {

// The verb `conform`: recordings of real kernels against the model.
void add_conform(CLI::App& app, int& exit_code);

// The names of the properties that do not hold, for ConformOptions.
std::vector<std::string> violated_names(const Profile& k, const State<RecordingDomain>& s);

}  // namespace hmm
