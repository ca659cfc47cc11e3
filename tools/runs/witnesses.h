#pragma once
#include <string>
#include <vector>

#include "model/machine.h"

namespace hmm {

// Traces of runs that end in a verdict, each in a file `STEP/VERDICT.trace` below a folder.
class Witnesses {
 public:
  explicit Witnesses(std::string folder) : folder_(std::move(folder)) {}

  // Writes the run unless its file has it. A file of another scope or kernel stays; one of another
  // run is written anew, below the story that it has.
  void add(const std::string& scope, const Profile& k, const PlainSteps& run, Verdict verdict);

  // A line for each file that said something else, and how many there are of each sort.
  const std::vector<std::string>& rewritten() const { return rewritten_; }
  std::string summary() const;

 private:
  std::string folder_;
  std::vector<std::string> rewritten_;
  std::size_t written_ = 0, same_ = 0, others_ = 0;
};

}  // namespace hmm
