#include "tests/goldens/readme.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <sstream>

#include "tools/verbs/common.h"

namespace hmm::goldens {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Without what depends on the machine.
std::string masked(const std::string& line) {
  static const std::regex machine("[0-9][0-9,.]* (s|states/s|steps/s|bytes/state|B/state)\\b");
  return std::regex_replace(line, machine, "# $1");
}

std::uint64_t value(const Golden* golden, const std::string& name) {
  const auto v = golden == nullptr ? std::nullopt : golden->value(name);
  if (!v) throw std::runtime_error("README.md has a number of no golden: " + name);
  return *v;
}

// In a line that `pattern` matches, (before)(old)(after), the fresh for the old; the column after
// it stays where it is.
std::string replaced(const std::string& line, const std::string& pattern,
                     const std::function<std::string(const std::string& key)>& fresh) {
  std::smatch match;
  if (!std::regex_match(line, match, std::regex(pattern))) return line;
  const std::string text = fresh(match[2]), old = match[3];
  std::string after = match[4];
  const std::size_t gap = after.find("  ");
  if (gap != after.npos && text.size() <= old.size())
    after.insert(gap, old.size() - text.size(), ' ');
  else if (gap != after.npos)
    for (std::size_t i = old.size(); i < text.size() && after.compare(gap, 3, "   ") == 0; ++i)
      after.erase(gap, 1);
  return match[1].str() + text + after;
}

// A row of the table that `hmmcheck check` prints.
std::string check_row(std::string line, const Goldens& goldens) {
  const auto count = [&](const std::string& key, const std::string& name) {
    return value(find(goldens, key), name);
  };
  line = replaced(line, "(explore +(\\S+) .*?)([0-9,]+ states, [0-9,]+ edges, depth [0-9]+)(.*)",
                  [&](const std::string& scope) {
                    const std::string key = "explore " + scope;
                    return grouped(count(key, "states")) + " states, " +
                           grouped(count(key, "edges")) + " edges, depth " +
                           std::to_string(count(key, "depth"));
                  });
  line = replaced(line,
                  "(explore .* (\\S+) +)(breaks [0-9]+ properties, the first at depth [0-9]+)(.*)",
                  [&](const std::string& defect) {
                    const std::string key = "defect " + defect;
                    return "breaks " + std::to_string(count(key, "breaks")) +
                           " properties, the first at depth " + std::to_string(count(key, "depth"));
                  });
  line = replaced(line, "(prove +(\\S+) .*?)([0-9]+ steps x [0-9]+ properties)(.*)",
                  [&](const std::string&) {
                    return std::to_string(count("model", "steps")) + " steps x " +
                           std::to_string(count("model", "properties")) + " properties";
                  });
  line = replaced(line, "(prove +(\\S+) .*?)([0-9]+ proved)(.*)", [&](const std::string& scope) {
    const auto proved = scope == "2^64"
                            ? count("encodings", "claims")
                            : count("scope " + scope, "steps") * count("model", "properties");
    return std::to_string(proved) + " proved";
  });
  return replaced(line, "((random|explore) .*? )([0-9]+ properties)(  .*)",
                  [&](const std::string&) {
                    return std::to_string(count("model", "properties")) + " properties";
                  });
}

// A row of the table of recordings.
std::string recording_row(const std::string& line, const Goldens& goldens) {
  static const std::regex row("\\| `(\\S+[.]txt)` \\| [0-9]+ \\| .*");
  std::smatch match;
  if (!std::regex_match(line, match, row)) return line;
  const Golden* const golden = find(goldens, "recording " + match[1].str());
  std::string out = "| `" + match[1].str() + "` |";
  for (const char* name : {"traces", "calls", "agree"})
    out += " " + std::to_string(value(golden, name)) + " |";
  std::string decided;
  for (std::size_t i = 3; i < golden->values.size(); ++i)
    decided += (decided.empty() ? " `" : ", `") + golden->values[i].first + "` " +
               std::to_string(golden->values[i].second);
  return out + decided + " |";
}

// A row of the table of promises: at how many of the scopes that are explored it says something.
std::string promise_row(const std::string& line, const Goldens& goldens) {
  return replaced(line, "(\\| `([a-z_]+)` \\| .* \\| pair \\| )([0-9]+ of [0-9]+)( \\| .*)",
                  [&](const std::string& promise) {
                    std::size_t scopes = 0, exercised = 0;
                    for (const auto& file : goldens)
                      for (const auto& golden : file.lines) {
                        if (!golden.key.starts_with("exercised ")) continue;
                        ++scopes;
                        exercised += value(&golden, promise) != 0 ? 1 : 0;
                      }
                    return std::to_string(exercised) + " of " + std::to_string(scopes);
                  });
}

std::string prose(const std::string& line, const Goldens& goldens) {
  return replaced(promise_row(recording_row(line, goldens), goldens),
                  "(.*?()\\b)([0-9]+ configurations)(.*)", [&](const std::string&) {
                    return std::to_string(value(find(goldens, "encodings"), "configs")) +
                           " configurations";
                  });
}

}  // namespace

std::string refreshed(const std::string& readme, const Goldens& goldens, const Run& run) {
  const auto lines = split(readme);
  std::string out;
  bool in_block = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.starts_with("```")) in_block = !in_block;
    if (!in_block || !line.starts_with("$ build/hmmcheck ")) {
      out += (in_block ? check_row(line, goldens) : prose(line, goldens)) + "\n";
      continue;
    }
    out += line + "\n";
    const auto fresh = split(run(line.substr(2)));
    std::vector<std::string> old;
    while (i + 1 < lines.size() && !lines[i + 1].starts_with("$ ") && lines[i + 1] != "```")
      old.push_back(lines[++i]);
    for (std::size_t n = 0; n < fresh.size(); ++n)
      out += (n < old.size() && masked(old[n]) == masked(fresh[n]) ? old[n] : fresh[n]) + "\n";
  }
  return out;
}

std::string run_in_scratch(const std::string& command) {
  namespace fs = std::filesystem;
  const fs::path scratch =
      fs::temp_directory_path() / ("hmmcheck-goldens-" + std::to_string(getpid()));
  fs::create_directories(scratch);
  for (const char* folder : {"model", "traces"})
    fs::create_directory_symlink(fs::path(HMM_SOURCE_DIR) / folder, scratch / folder);
  fs::create_directory_symlink(fs::path(HMM_HMMCHECK).parent_path(), scratch / "build");
  const std::string in_there = "cd '" + scratch.string() + "' && " + command + " 2>&1";
  std::FILE* const pipe = popen(in_there.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string out;
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe))
    out.append(some.data(), n);
  pclose(pipe);
  // The links first: what they lead to stays.
  for (const char* link : {"model", "traces", "build"}) fs::remove(scratch / link);
  fs::remove_all(scratch);
  return out;
}

}  // namespace hmm::goldens
