#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

// What of the sources has to do with functions of the kernel.
namespace hmm::cited {

// A comment, or a text of a TOML file.
struct Said {
  std::string by, name, word, place;  // as in tools/runs/cited.h
  std::string text;
};

// Comments of a header: a step's, a property's, a call's, or of what steps share.
std::vector<Said> said_in_header(const std::string& path, const std::string& text);
// Above each `key = value` of a profile.
std::vector<Said> said_in_profile(const std::string& path, const std::string& text);
// The comment on top of a trace.
std::vector<Said> said_in_trace(const std::string& path, const std::string& text);

struct History {
  std::string by, id, title, promises;
  std::vector<std::string> of;  // switches, steps, and rules of steps
  std::vector<Said> said;
};
// Of bug.toml or patch.toml. Throws std::exception.
History history_in(const std::string& path, const std::string& text);

// The calls of a recording that are held, by function.
std::map<std::string, std::uint64_t> held_in(const std::string& recording);

// Each function that is named `f()`, with the file of the kernel if that is cited with it.
std::vector<std::pair<std::string, std::string>> functions_in(const std::string& text);

}  // namespace hmm::cited
