#include "tools/runs/ktap.h"

#include <regex>
#include <sstream>

namespace hmm {

Ktap parse_ktap(const std::string& text) {
  static const std::regex plan(R"(1\.\.(\d+))");
  static const std::regex result(R"((not )?ok \d+(?: -)? ?(.*?)\s*(# SKIP.*)?)");
  Ktap ktap;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    std::smatch found;
    if (std::regex_match(line, found, plan)) {
      ktap.planned = static_cast<unsigned>(std::stoul(found[1]));
    } else if (std::regex_match(line, found, result)) {
      const std::string name = found[2];
      if (found[1].matched) {
        ktap.failed.push_back(name);
      } else if (found[3].matched) {
        ktap.skipped.push_back(name + (name.empty() ? "" : " ") + found[3].str());
      } else {
        ++ktap.passed;
      }
    }
  }
  return ktap;
}

}  // namespace hmm
