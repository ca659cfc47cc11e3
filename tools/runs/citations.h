#pragma once
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Citations of the kernel, and whether they resolve: `mm/memory.c do_swap_page(), do_wp_page()`,
// `do_swap_page() in mm/memory.c`, or a file alone. `6.1 mm/migrate.c remove_migration_pte()` is of
// that kernel only. Read by hand: std::regex takes ten seconds to compile.
namespace hmm {

struct Citation {
  std::string version;   // "4.14", if the text says so; otherwise some kernel has it
  std::string file;      // from the top of a kernel tree
  std::string function;  // empty if the file itself is what is cited
  friend bool operator==(const Citation&, const Citation&) = default;
};

// The text in one line, since a citation may run on over line ends: of comments, of Markdown, and
// of string literals that follow one another.
inline std::string run_on(std::string_view text) {
  std::string joined;
  while (!text.empty()) {
    const auto length = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.starts_with("//") || line.starts_with("#"))
      line.remove_prefix(std::min(line.find_first_not_of("/# "), line.size()));
    // A blank line ends what is said.
    if (line.empty()) joined += '\n';
    if (line.starts_with('"') && joined.ends_with("\" ")) {
      joined.resize(joined.size() - 2);
      if (!joined.ends_with(' ')) joined += ' ';
      line.remove_prefix(1);
    }
    joined += line;
    joined += ' ';
  }
  std::erase(joined, '`');
  return joined;
}

inline bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Reads what stands beside a file's name.
class CitationReader {
 public:
  explicit CitationReader(std::string_view text) : text_(text) {}

  // Names of functions, each with its parentheses, from `at` on; `at` is then behind them.
  std::vector<std::string> calls_after(std::size_t& at) const {
    std::vector<std::string> names;
    for (std::size_t next = at;;) {
      for (const std::string_view separator : {",", " and", " "})
        if (text_.substr(next).starts_with(separator)) next += separator.size();
      std::size_t end = next;
      while (end < text_.size() && is_word(text_[end])) ++end;
      if (end == next || !text_.substr(end).starts_with("()")) return names;
      names.emplace_back(text_.substr(next, end - next));
      at = next = end + 2;
    }
  }
  // Those that end before `at`, which is then before them.
  std::vector<std::string> calls_before(std::size_t& at) const {
    std::vector<std::string> names;
    for (std::size_t end = at;;) {
      if (!text_.substr(0, end).ends_with("()")) return names;
      std::size_t begin = end -= 2;
      while (begin > 0 && is_word(text_[begin - 1])) --begin;
      if (begin == end) return names;
      names.emplace(names.begin(), text_.substr(begin, end - begin));
      at = end = begin;
      for (const std::string_view separator : {"and ", " ", ","})
        if (text_.substr(0, end).ends_with(separator)) end -= separator.size();
    }
  }
  // "6.1" where the text before `at` ends in "6.1 ".
  std::string version_before(std::size_t at) const {
    if (at == 0 || text_[at - 1] != ' ') return "";
    const std::string_view digits = "0123456789.";
    std::size_t begin = at - 1;
    while (begin > 0 && digits.find(text_[begin - 1]) != digits.npos) --begin;
    const auto version = text_.substr(begin, at - 1 - begin);
    if (begin > 0 && is_word(text_[begin - 1])) return "";
    return std::count(version.begin(), version.end(), '.') == 1 ? std::string(version) : "";
  }

 private:
  std::string_view text_;
};

// A path of the folders that tools/kernel-sources unpacks.
inline bool is_kernel_file(std::string_view path) {
  constexpr std::array<std::string_view, 8> folders{"Documentation", "arch",   "drivers", "fs",
                                                    "include",       "kernel", "lib",     "mm"};
  constexpr std::array<std::string_view, 5> suffixes{"S", "c", "h", "rst", "txt"};
  const auto slash = path.find('/'), dot = path.rfind('.');
  if (slash == path.npos || dot == path.npos) return false;
  const auto is_one = [](const auto& of, std::string_view x) {
    return std::find(of.begin(), of.end(), x) != of.end();
  };
  return is_one(folders, path.substr(0, slash)) && is_one(suffixes, path.substr(dot + 1));
}

// The file that is cited from `begin` to `end`, and its functions: those listed after it, `mm/gup.c
// follow_page_pte(), try_grab_folio()`, and before it, `follow_page_pte() in mm/gup.c`.
inline std::vector<Citation> citations_of(std::string_view text, std::size_t begin,
                                          std::size_t& end) {
  const CitationReader reader(text);
  const std::string file(text.substr(begin, end - begin));
  std::vector<std::string> functions;
  for (const std::string_view link : {" in ", " of ", " ("}) {
    if (!text.substr(0, begin).ends_with(link)) continue;
    std::size_t before = begin - link.size();
    functions = reader.calls_before(before);
    if (!functions.empty()) begin = before;
  }
  // A line's number is a hint.
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]));
  };
  if (text.substr(end).starts_with(':') && is_digit(end + 1))
    while (is_digit(++end)) {
    }
  const auto after = reader.calls_after(end);
  functions.insert(functions.end(), after.begin(), after.end());
  if (functions.empty()) functions.emplace_back();
  std::vector<Citation> found;
  for (const auto& f : functions) found.push_back({reader.version_before(begin), file, f});
  return found;
}

inline std::vector<Citation> citations(std::string_view text) {
  const std::string joined = run_on(text);
  const auto in_path = [&](std::size_t i) {
    return i < joined.size() && (is_word(joined[i]) ||
                                 std::string_view("/.-").find(joined[i]) != std::string_view::npos);
  };
  std::vector<Citation> found;
  for (std::size_t at = 0, end; at < joined.size(); at = end + 1) {
    for (end = at; in_path(end);) ++end;
    // What ends a sentence is no part of the path, and nothing behind it belongs to it.
    std::string_view path = std::string_view(joined).substr(at, end - at);
    if (path.ends_with('.')) path.remove_suffix(1);
    if (!is_kernel_file(path)) continue;
    end = at + path.size();
    for (auto& c : citations_of(joined, at, end)) found.push_back(std::move(c));
  }
  return found;
}

// "6.12" from the Makefile at the top of a kernel tree; empty if it says none.
inline std::string kernel_version(const std::string& makefile) {
  const auto number = [&](const std::string& name) {
    const auto at = ("\n" + makefile).find("\n" + name + " = ");
    if (at == std::string::npos) return std::string();
    const auto begin = at + name.size() + 3;
    return makefile.substr(begin, makefile.find('\n', begin) - begin);
  };
  const std::string version = number("VERSION"), level = number("PATCHLEVEL");
  return version.empty() || level.empty() ? "" : version + "." + level;
}

// The names that a kernel source file uses as functions or macros.
inline std::set<std::string> called_names(const std::string& source) {
  std::set<std::string> names;
  std::string word;
  for (const char c : source) {
    if (is_word(c)) {
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
  if (!c.function.empty() && names->count(c.function) == 0)
    return "no " + c.function + "() in " + c.file;
  return std::nullopt;
}

}  // namespace hmm
