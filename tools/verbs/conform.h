#pragma once

namespace CLI {
class App;
}

namespace hmm {

// The verb `conform`: recordings of real kernels against the model.
void add_conform(CLI::App& app, int& exit_code);

}  // namespace hmm
