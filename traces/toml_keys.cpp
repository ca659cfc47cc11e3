#include "traces/toml_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/nearest.h"

namespace hmm {
namespace {

bool is_citation(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  std::size_t digits = 0;
  for (const char c : text) {
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    digits = is_digit ? digits + 1 : 0;
    if (digits == kDigits) return true;
  }
  const std::size_t open = text.find('"');
  return open != text.npos && text.find('"', open + 2) != text.npos;
}

}  // namespace

std::vector<std::string> as_strings(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

TomlKeys::TomlKeys(const toml::table& table, const std::string& source,
                   std::span<const std::string_view> known)
    : table_(table), source_(source) {
  for (const auto& [key, value] : table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      reject(hmm::at(source, key.source()), joined(as_strings(known)), key.str());
}

Origin TomlKeys::at(std::string_view key) const {
  const toml::node* const node = table_.get(key);
  return node == nullptr ? Origin{source_, 1} : hmm::at(source_, node->source());
}

std::string TomlKeys::line(std::string_view key) const {
  return hmm::line_of(required(key, fmt::format("{} = a line of text", key)), key, source_);
}

std::string TomlKeys::line_or_none(std::string_view key) const {
  return table_.get(key) == nullptr ? std::string() : line(key);
}

std::string TomlKeys::one_of(std::string_view key, const std::vector<std::string>& names) const {
  const std::string text = line(key);
  if (std::find(names.begin(), names.end(), text) == names.end())
    reject(at(key), fmt::format("{} = one of {}{}", key, joined(names), did_you_mean(text, names)),
           text);
  return text;
}

std::vector<std::string> TomlKeys::lines(std::string_view key) const {
  const toml::node* const node = table_.get(key);
  return node == nullptr ? std::vector<std::string>() : strings_of(*node, key, source_);
}

std::vector<std::string> TomlKeys::lines_of(std::string_view key,
                                            const std::vector<std::string>& names) const {
  auto all = lines(key);
  for (const auto& one : all)
    if (std::find(names.begin(), names.end(), one) == names.end())
      reject(at(key),
             fmt::format("{} = some of {}{}", key, joined(names), did_you_mean(one, names)), one);
  return all;
}

unsigned TomlKeys::count(std::string_view key) const {
  const std::string expected = fmt::format("{} = a number above 0", key);
  const toml::node& node = required(key, expected);
  const auto* const number = node.as_integer();
  if (number == nullptr) reject(at(key), expected, type_of(node));
  constexpr std::int64_t kMost = 1'000'000;
  if (number->get() < 1 || number->get() > kMost)
    reject(at(key), expected, std::to_string(number->get()));
  return static_cast<unsigned>(number->get());
}

std::vector<std::string> TomlKeys::citations(const std::string& what) const {
  auto cites = lines("cites");
  if (cites.empty()) reject(at("cites"), fmt::format("cites = [\"{}\"]", what), "none");
  for (const auto& cite : cites)
    if (!is_citation(cite))
      reject(at("cites"), "a commit of 12 digits or more, or a title in quotes", cite);
  return cites;
}

const toml::node& TomlKeys::required(std::string_view key, const std::string& expected) const {
  const toml::node* const node = table_.get(key);
  if (node == nullptr) reject({source_, 1}, expected, "none");
  return *node;
}

}  // namespace hmm
