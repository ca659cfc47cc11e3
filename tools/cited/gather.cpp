#include "tools/cited/gather.h"

#include <toml++/toml.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "tools/runs/citations.h"

namespace hmm::cited {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string named_in(const std::string& text) {
  std::smatch found;
  static const std::regex name(" name = \"([a-z_]+)\"");
  return std::regex_search(text, found, name) ? found[1].str() : "";
}

// The word of a guard, filter or effect on the line.
std::string word_on(const std::string& line) {
  std::smatch found;
  static const std::regex word("(?:does|checks|end_if)\\(\"([a-z_]+)\"");
  return std::regex_search(line, found, word) ? found[1].str() : "";
}

Said unit_of(const std::string& path, const std::string& text) {
  const std::string name = named_in(text);
  if (path.starts_with("model/steps/")) return {"step", name, "", "", ""};
  if (path.starts_with("model/calls/")) return {"call", path, "", "", ""};
  if (path.starts_with("properties/") && !name.empty()) return {"property", name, "", "", ""};
  return {"shared", path, "", "", ""};
}

// "1234" of {1: "1", 2: "234"}; an array's strings one after the other.
std::vector<std::string> strings_of(const toml::table& table, std::string_view key) {
  std::vector<std::string> out;
  const auto at = table[key];
  if (const auto one = at.value<std::string>()) out.push_back(*one);
  if (const auto* const array = at.as_array())
    for (const auto& item : *array) out.push_back(item.value_or(std::string()));
  return out;
}

// `STEP.WORD` of a rule, `STEP` of a mutation or of a difference, `SWITCH` of `SWITCH=0`.
std::string subject_of(const std::string& text) { return text.substr(0, text.find_first_of(":=")); }

}  // namespace

std::vector<Said> said_in_header(const std::string& path, const std::string& text) {
  std::vector<Said> found;
  const auto lines = split(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto at = lines[i].find("//");
    if (at == std::string::npos) continue;
    Said said = unit_of(path, text);
    said.place = path + ":" + std::to_string(i + 1);
    const bool is_alone = lines[i].find_first_not_of(' ') == at;
    if (!is_alone) {
      said.word = word_on(lines[i]);
      said.text = lines[i].substr(at);
    }
    for (; is_alone && i < lines.size(); ++i) {
      const auto begin = lines[i].find_first_not_of(' ');
      if (begin == std::string::npos || lines[i].compare(begin, 2, "//") != 0) break;
      said.text += lines[i].substr(begin) + "\n";
    }
    // What follows a comment is what it is about; a statement may go on in the next line.
    for (std::size_t next = i; is_alone && said.word.empty() && next < lines.size(); ++next) {
      said.word = word_on(lines[next]);
      if (next > i || lines[next].ends_with(';') || lines[next].ends_with('{')) break;
    }
    if (is_alone) --i;
    if (said.by != "step") said.word.clear();
    found.push_back(std::move(said));
  }
  return found;
}

std::vector<Said> said_in_profile(const std::string& path, const std::string& text) {
  std::vector<Said> found;
  std::string comment;
  static const std::regex key("([a-z_]+) = (true|false)");
  const auto lines = split(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (lines[i].starts_with("#")) {
      // A comment is of all keys up to the next one.
      if (i == 0 || !lines[i - 1].starts_with("#")) comment.clear();
      comment += lines[i] + "\n";
    } else if (std::regex_match(lines[i], match, key)) {
      found.push_back({"kernel", match[1], "", path + ":" + std::to_string(i + 1), comment});
    }
  }
  return found;
}

std::vector<Said> said_in_trace(const std::string& path, const std::string& text) {
  Said said{path.starts_with("traces/defects/") ? "defect" : "run", path, "", path + ":1", ""};
  for (const auto& line : split(text)) {
    if (!line.starts_with("#")) break;
    said.text += line + "\n";
  }
  return {said};
}

History history_in(const std::string& path, const std::string& text) {
  const toml::table table = toml::parse(text, path);
  const bool is_bug = path.ends_with("/bug.toml");
  History history{is_bug ? "bug" : "patch",
                  table["id"].value_or(std::string()),
                  table["title"].value_or(std::string()),
                  "",
                  {},
                  {}};
  for (const char* key : {"promise", "broken", "mended"})
    for (const auto& promise : strings_of(table, key))
      history.promises += (history.promises.empty() ? "" : ", ") + promise;
  for (const char* key : {"set", "drop", "mutate", "before_set", "before_drop", "before_mutate",
                          "after_set", "after_drop", "after_mutate", "differ"})
    for (const auto& what : strings_of(table, key)) history.of.push_back(subject_of(what));
  std::sort(history.of.begin(), history.of.end());
  history.of.erase(std::unique(history.of.begin(), history.of.end()), history.of.end());
  for (const char* key : {"title", "says"})
    for (const auto& what : strings_of(table, key))
      history.said.push_back({history.by, history.id, "", path + ":1", what});
  return history;
}

std::map<std::string, std::uint64_t> held_in(const std::string& recording) {
  std::map<std::string, std::uint64_t> held;
  static const std::regex at(" -> held (?:at|after) ([a-zA-Z0-9_]+)");
  for (const auto& line : split(recording)) {
    std::smatch match;
    if (line.find(" held a") != std::string::npos && std::regex_search(line, match, at))
      ++held[match[1]];
  }
  return held;
}

std::vector<std::pair<std::string, std::string>> functions_in(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> found;
  const auto is_known = [&](const std::string& name) {
    return std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.first == name; });
  };
  for (const Citation& c : citations(text))
    if (!c.function.empty() && !is_known(c.function)) found.emplace_back(c.function, c.file);
  static const std::regex named("\\b([a-zA-Z_][a-zA-Z0-9_]*)\\(\\)");
  const std::string joined = run_on(text);
  for (std::sregex_iterator at(joined.begin(), joined.end(), named), end; at != end; ++at)
    if (!is_known((*at)[1])) found.emplace_back((*at)[1], "");
  return found;
}

}  // namespace hmm::cited
