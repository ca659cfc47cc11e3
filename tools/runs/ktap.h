#pragma once
#include <string>
#include <vector>

// What a program says of its tests (Documentation/dev-tools/ktap.rst).
namespace hmm {

struct Ktap {
  unsigned planned = 0, passed = 0;
  std::vector<std::string> skipped, failed;  // by name, with the reason of what is skipped

  // All that was planned came, and nothing failed.
  bool holds() const { return planned > 0 && failed.empty() && passed + skipped.size() == planned; }
};

// Reads its lines at the top level; others say nothing.
Ktap parse_ktap(const std::string& text);

}  // namespace hmm
