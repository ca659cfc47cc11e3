#include "tests/goldens/readme_rows.h"

#include <functional>
#include <regex>

#include "tools/verbs/common.h"

namespace hmm::goldens {
namespace {

std::uint64_t value(const Golden* golden, const std::string& name) {
  const auto v = golden == nullptr ? std::nullopt : golden->value(name);
  if (!v) throw std::runtime_error("a README has a number of no golden: " + name);
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

}  // namespace

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

std::string prose_line(const std::string& line, const Goldens& goldens) {
  // A number of each kind of thing, before its name.
  constexpr struct {
    const char *words, *key, *name;
  } kCounted[] = {{" configurations", "encodings", "configs"},
                  {" steps keeps", "model", "steps"},
                  {" properties, explores", "model", "properties"},
                  {" scopes \\(two", "kept", "explored_scopes"},
                  {"(?: of them,|) (?:bugs that Linux had|each in a folder)", "kept", "bugs"},
                  {" patches of the kernel's history", "kept", "patches"}};
  std::string out = promise_row(recording_row(line, goldens), goldens);
  for (const auto& [words, key, name] : kCounted)
    if (std::smatch match;
        std::regex_search(out, match, std::regex("\\b([0-9]+)" + std::string(words))))
      out.replace(static_cast<std::size_t>(match.position(1)),
                  static_cast<std::size_t>(match.length(1)),
                  std::to_string(value(find(goldens, key), name)));
  return out;
}

}  // namespace hmm::goldens
