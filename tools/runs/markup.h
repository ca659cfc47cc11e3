#pragma once
#include <string>
#include <string_view>

namespace hmm {

// What stands for the character in XML and HTML, quoted text included; empty if it stands for
// itself.
constexpr std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "";
  }
}

inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto entity = entity_of(c);
    out += entity.empty() ? std::string_view(&c, 1) : entity;
  }
  return out;
}

}  // namespace hmm
