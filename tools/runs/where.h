#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/runs/cited.h"

// What has to do with a function of the kernel: joined from what cites it.
namespace hmm {

struct Where {
  std::string function;
  std::set<std::string> files;  // of the kernel, that it is cited in
  std::map<CitedBy, std::map<std::string, std::set<std::string>>> places;  // by name
  // Of each step that cites it: the words that it is cited beside; none means the whole step.
  std::map<std::string, std::set<std::string>> steps;
  std::set<std::string> switches;
  // Bugs and patches that cite it, or are made of its steps, rules or switches.
  std::set<std::string> bugs, patches;
  std::set<std::string> promises;                       // that cite it
  std::map<std::string, std::set<std::string>> broken;  // by promise, the bugs of those
  std::map<std::string, std::uint64_t> held;            // by recording, calls held at it
  std::map<std::string, std::uint64_t> taken;           // and those that take one of its steps
};

// Every function that is cited with its file, by name.
std::vector<std::string> cited_functions();
Where where_is(const std::string& function);

}  // namespace hmm
