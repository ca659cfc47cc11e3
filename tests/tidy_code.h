#pragma once
#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

// Reads C++ as clang-format leaves it: how long its functions are, and where a switch has a
// `default:`.
namespace hmm::tidy {

inline bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The text with blanks for comments and literals; line ends stay where they are.
inline std::string code_of(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const bool digits = at > 0 && is_name(text[at - 1]);  // 400'000
    std::size_t end = at + 1;
    if (rest.starts_with("//")) {
      end = std::min(text.find('\n', at), text.size());
    } else if (rest.starts_with("R\"")) {
      const auto open = std::min(rest.find('('), rest.size());
      const auto close =
          ")" + std::string(rest.substr(2, std::max<std::size_t>(open, 2) - 2)) + "\"";
      end = std::min(text.find(close, at), text.size() - close.size()) + close.size();
    } else if (rest.front() == '"' || (rest.front() == '\'' && !digits)) {
      while (end < text.size() && text[end] != rest.front()) end += text[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, text.size());
    } else {
      ++at;
      continue;
    }
    for (; at < end; ++at)
      if (text[at] != '\n') code[at] = ' ';
  }
  return code;
}

struct Function {
  std::string name;    // as it is defined, `Explorer<S>::run`
  std::size_t line;    // of its name
  std::size_t length;  // in lines, from there to its last brace
};

// Finds the functions of a file, and lambdas that are in none; what is in a function is part of it.
class FunctionReader {
 public:
  explicit FunctionReader(std::string_view text) : code_(code_of(text)) {
    for (std::size_t at = 0; at < code_.size(); at = code_.find('\n', at) + 1) {
      lines_.push_back(at);
      if (code_.find('\n', at) == code_.npos) break;
    }
  }

  std::vector<Function> functions() const {
    std::vector<Function> found;
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < code_.size(); ++at) {
      if (code_[at] == '{') open.push_back(at);
      if (code_[at] != '}' || open.empty()) continue;
      const std::size_t begin = open.back();
      open.pop_back();
      const std::size_t first = head_line(begin, at);
      const std::string_view head =
          std::string_view(code_).substr(lines_[first], begin - lines_[first]);
      if (!is_function(head)) continue;
      // It ends after those that are in it.
      while (!found.empty() && found.back().line >= first + 1) found.pop_back();
      found.push_back({name_in(head), first + 1, line_of(at) - first + 1});
    }
    return found;
  }

 private:
  std::size_t line_of(std::size_t at) const {
    return static_cast<std::size_t>(std::upper_bound(lines_.begin(), lines_.end(), at) -
                                    lines_.begin()) -
           1;
  }
  std::size_t indentation(std::size_t line) const {
    const auto at = code_.find_first_not_of(' ', lines_[line]);
    return at == code_.npos || code_[at] == '\n' ? code_.npos : at - lines_[line];
  }
  // What is before an opening brace begins where the line of the closing one does.
  std::size_t head_line(std::size_t begin, std::size_t end) const {
    const std::size_t wanted = indentation(line_of(end));
    std::size_t line = line_of(begin);
    while (line > 0 && indentation(line) > wanted) --line;
    return line;
  }

  static std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \n");
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \n") + 1 - begin);
  }
  static bool is_function(std::string_view head) {
    head = trimmed(head);
    for (const std::string_view container : {"namespace", "class", "struct", "union", "enum"})
      if (head.starts_with(container) && !is_name((std::string(head) + ' ')[container.size()]))
        return false;
    // What else stands before an opening brace is a value's: `=`, a comma, a type.
    for (const std::string_view end :
         {")", "]", "}", " const", " noexcept", " override", " final", " mutable"})
      if (head.ends_with(end)) return true;
    return head.find(") -> ") != head.npos;
  }
  static std::string name_in(std::string_view head) {
    head = trimmed(head.substr(0, head.find('(')));
    std::size_t begin = head.size();
    for (int depth = 0; begin > 0; --begin) {
      const char c = head[begin - 1];
      if (c == '>') ++depth;
      if (depth == 0 && !is_name(c) && c != ':' && c != '~') break;
      if (c == '<') --depth;
    }
    return std::string(head.substr(begin));
  }

  std::string code_;
  std::vector<std::size_t> lines_;  // where they begin
};

inline std::vector<Function> functions_of(std::string_view text) {
  return FunctionReader(text).functions();
}

// The lines on which a switch has its `default:`.
inline std::vector<std::size_t> lines_of_defaults(std::string_view text) {
  const std::string code = code_of(text);
  const std::string_view word = "default";
  std::vector<std::size_t> found;
  for (std::size_t at = 0; (at = code.find(word, at)) != code.npos; at += word.size()) {
    const auto next = code.find_first_not_of(' ', at + word.size());
    if ((at > 0 && is_name(code[at - 1])) || next == code.npos || code[next] != ':') continue;
    const auto begin = code.begin();
    found.push_back(1 + static_cast<std::size_t>(
                            std::count(begin, begin + static_cast<std::ptrdiff_t>(at), '\n')));
  }
  return found;
}

}  // namespace hmm::tidy
