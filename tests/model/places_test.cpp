// The functions of the kernel where a call can be held: each that a call comes to has its row.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "model/calls/call.h"

namespace hmm {
namespace {

// What stands in quotes behind each `call(`.
std::set<std::string> named_by(const std::string& text, std::string_view call) {
  std::set<std::string> names;
  for (auto at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
    const auto begin = text.find('"', at) + 1;
    names.insert(text.substr(begin, text.find('"', begin) - begin));
  }
  return names;
}

}  // namespace

TEST_CASE("every function that a call comes to is a place, and every place is come to") {
  std::set<std::string> come_to;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(HMM_SOURCE_DIR) / "model/calls")) {
    if (file.path().filename() == "caller.h") continue;
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    for (const std::string_view call : {"c.inside(", "c.change_range("})
      for (const auto& name : named_by(text.str(), call))
        if (!name.empty()) come_to.insert(name);
  }
  CHECK(come_to == std::set<std::string>(kPlaces.begin(), kPlaces.end()));
}

}  // namespace hmm
