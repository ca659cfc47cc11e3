#include "traces/toml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace hmm {

toml::table parse_toml(std::string_view text, const std::string& source) try {
  return toml::parse(text);
} catch (const toml::parse_error& e) {
  reject(at(source, e.source()), "TOML", e.description());
}

Origin at(const std::string& source, const toml::source_region& where) {
  return {source, std::max(1u, static_cast<unsigned>(where.begin.line))};
}

std::string type_of(const toml::node& node) {
  std::ostringstream out;
  out << node.type();
  return out.str();
}

std::string string_of(const toml::node& node, std::string_view key, const std::string& source) {
  const auto* text = node.as_string();
  if (text == nullptr)
    reject(at(source, node.source()), fmt::format("{} = a string", key), type_of(node));
  return text->get();
}

std::string line_of(const toml::node& node, std::string_view key, const std::string& source) {
  const std::string text = string_of(node, key, source);
  if (text.empty() ||
      std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' '; }))
    reject(at(source, node.source()), fmt::format("{} = a line of text", key),
           text.empty() ? "nothing" : "more than one");
  return text;
}

std::vector<std::string> strings_of(const toml::node& node, std::string_view key,
                                    const std::string& source) {
  const auto* array = node.as_array();
  if (array == nullptr)
    reject(at(source, node.source()), fmt::format("{} = an array of strings", key), type_of(node));
  std::vector<std::string> out;
  for (const auto& one : *array) out.push_back(string_of(one, key, source));
  return out;
}

}  // namespace hmm
