#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tools/runs/guest.h"

// What of a kernel's source has been executed, by its own counters (tools/kernel/build --gcov).
namespace hmm {

// Of a file of the source, or of some of its functions. A line is its number; a branch is its
// line's function and number and its place among that line's.
struct Executed {
  using Branch = std::tuple<std::string, unsigned, unsigned>;
  std::set<unsigned> all_lines, lines;
  std::set<Branch> all_branches, branches;

  void add(const Executed& other);
  // Of 100, as gcov gives them.
  double of_lines() const;
  double of_branches() const;
};

// By the rows of a table: `mm/hmm.c`, `mm/memory.c, HMM's functions`.
using KernelCoverage = std::map<std::string, Executed>;

// What gcov's JSON (gcov --json-format) says of a row. Throws std::runtime_error if it is none.
Executed parse_gcov(const std::string& json, const std::string& row);

// Of one boot, by gcov, with what the compiler left in the image's folder. Throws
// std::runtime_error for an image that does not count.
KernelCoverage coverage_of(const std::string& image, const GuestFiles& files);
void add(KernelCoverage& sum, const KernelCoverage& one);

// A row for each file: its lines and branches, and how many of them either executed.
std::string coverage_table(const KernelCoverage& suite, const KernelCoverage& ours);
// The lines that one executed and the other did not, by row: `mm/hmm.c:120-124,130`.
std::string only_in(const KernelCoverage& one, const KernelCoverage& other);

}  // namespace hmm
