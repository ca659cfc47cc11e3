#pragma once
#include <functional>

#include "tests/goldens/goldens.h"

// Every README of the source tree: its commands, `$ COMMAND` in a code block, are run, and what
// they print is what stands below them.
//
//   <!-- not run by the tests: it needs the image of a kernel -->
//
// above a block says why its commands are not, for one of a few reasons. A line `...` in a block
// stands for lines of the output that are left out. What the machine decides, seconds and rates and
// bytes, has to be near what is written; everything else has to be the same.
namespace hmm::goldens {

// What a command prints, run where the source tree's folders and build/ are.
using Run = std::function<std::string(const std::string& command)>;

struct ReadmeOptions {
  std::string path = "README.md";  // in what is thrown
  bool runs_slow = false;          // also the blocks of which it is said that they take minutes
};

// A README with the numbers of the goldens, and with what its commands print below them. Throws
// InputError for a reason that is none.
std::string refreshed(const std::string& readme, const Goldens& goldens, const Run& run,
                      const ReadmeOptions& options = {});

// From the root, in order.
std::vector<std::string> readmes(const std::string& root);

// Each `hmmcheck VERB ...` that it has anywhere, as far as it names verbs and options: in code
// blocks, whether they are run or not, and between backticks.
std::vector<std::string> mentioned_commands(const std::string& readme);
// The targets of its links that are files, and each `tools/...` that it runs, relative to the root.
std::vector<std::string> mentioned_files(const std::string& readme, const std::string& path);

// Runs it in a folder of its own, which is removed. Throws std::runtime_error if it cannot.
std::string run_in_scratch(const std::string& command);

}  // namespace hmm::goldens
