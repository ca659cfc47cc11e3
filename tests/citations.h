#pragma once
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

// Citations of the kernel, `mm/memory.c do_swap_page(), do_wp_page()`, and whether they resolve.
namespace hmm {

struct Citation {
  std::string version;  // "4.14", if the text says so; otherwise every kernel has it
  std::string file;
  std::string function;
  friend bool operator==(const Citation&, const Citation&) = default;
};

// The text of comments and string literals run on over line ends, since a citation may.
inline std::string run_on(const std::string& text) {
  static const std::regex comment_end("\\s*\n\\s*//\\s*");
  static const std::regex literal_end("\\s*\"\\s*\n\\s*\"");
  return std::regex_replace(std::regex_replace(text, comment_end, " "), literal_end, " ");
}

// Functions listed after a file belong to it: `mm/gup.c follow_page_pte(), try_grab_folio()`.
inline std::vector<Citation> citations(const std::string& text) {
  static const std::regex cited(
      "(?:\\b([0-9]+\\.[0-9]+) )?\\b((?:[a-z0-9_-]+/)+[A-Za-z0-9_.-]+\\.[chS])"
      "((?:(?::[0-9]+)?(?: |, | and |, and )[A-Za-z_][A-Za-z0-9_]*\\(\\))+)");
  static const std::regex name("([A-Za-z_][A-Za-z0-9_]*)\\(\\)");
  const std::string joined = run_on(text);
  std::vector<Citation> found;
  for (std::sregex_iterator at(joined.begin(), joined.end(), cited), end; at != end; ++at) {
    const std::string names = (*at)[3];
    for (std::sregex_iterator f(names.begin(), names.end(), name); f != end; ++f)
      found.push_back({(*at)[1], (*at)[2], (*f)[1]});
  }
  return found;
}

// "6.12" from the Makefile at the top of a kernel tree.
inline std::string kernel_version(const std::string& makefile) {
  static const std::regex lines("(?:^|\n)VERSION = ([0-9]+)\nPATCHLEVEL = ([0-9]+)\n");
  std::smatch match;
  if (!std::regex_search(makefile, match, lines)) return "";
  return match[1].str() + "." + match[2].str();
}

// The names that a kernel source file uses as functions or macros.
inline std::set<std::string> called_names(const std::string& source) {
  std::set<std::string> names;
  std::string word;
  for (const char c : source) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      word += c;
    } else {
      if (c == '(' && !word.empty()) names.insert(word);
      word.clear();
    }
  }
  return names;
}

// What keeps a citation from resolving, given the names in its file or that there is no such file.
inline std::optional<std::string> unresolved(const Citation& c,
                                             const std::optional<std::set<std::string>>& names) {
  if (!names) return "no file " + c.file;
  if (names->count(c.function) == 0) return "no " + c.function + "() in " + c.file;
  return std::nullopt;
}

}  // namespace hmm
