#pragma once
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

}  // namespace hmm
