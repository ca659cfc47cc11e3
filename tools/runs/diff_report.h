#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tools/runs/observed.h"

// What a comparison of two kernels came to, as a text that a reviewer can paste.
namespace hmm {

struct DiffStory {
  std::string a, b;     // the names of the kernels
  std::string command;  // that repeats it
  std::string verdict;  // in a line
  Profile kernel_a, kernel_b;
  std::string prove;                  // the scope of most proofs, or empty
  std::string options_b;              // the second kernel, as options of another verb
  std::vector<std::string> left_out;  // defects of both
  KernelDiff diff;
  std::string observed;  // what a program sees of it, in a line; empty if nobody asked
  std::optional<Observed> observed_steps;
  std::vector<DifferentCall> calls;
  std::vector<std::string> recordings;  // that were asked
  std::vector<std::string> ends;        // what ends in one of them only, a line of each
  std::vector<std::string> not_asked;   // what nothing is known of, a line of each
};

// Plain text that Markdown understands, in lines of 75 columns, as kernel mail has them.
std::string diff_markdown(const DiffStory& story);
// One page that needs nothing beside it.
std::string diff_html(const DiffStory& story);

}  // namespace hmm
