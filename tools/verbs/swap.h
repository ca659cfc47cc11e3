#pragma once

namespace CLI {
class App;
}

namespace hmm {

// The verb `swap`: encodes and decodes swap entries and ptes, and lists type codes.
void add_swap(CLI::App& app, int& exit_code);

}  // namespace hmm
