#pragma once
#include <string>
#include <vector>

namespace hmm {

// Runs a program of the project's, `tools/kernel/build`, as of the folder that this program was
// built below, and waits for it; what it says goes to standard error. Its exit code, or 127 if it
// could not be run.
int run_tool(const std::string& tool, const std::vector<std::string>& arguments);

}  // namespace hmm
