#pragma once
#include <span>

#include "traces/toml_text.h"

namespace hmm {

std::vector<std::string> as_strings(std::span<const std::string_view> names);

// The values of a TOML file by key. What is not as it is to be is refused with its place.
class TomlKeys {
 public:
  // The file has no key but of `known`. All three must outlive this.
  TomlKeys(const toml::table& table, const std::string& source,
           std::span<const std::string_view> known);

  // Of the key, or of the file where it has none.
  Origin at(std::string_view key) const;
  std::string line(std::string_view key) const;
  // Empty if there is no such key.
  std::string line_or_none(std::string_view key) const;
  // A line that is one of these.
  std::string one_of(std::string_view key, const std::vector<std::string>& names) const;
  // None if there is no such key.
  std::vector<std::string> lines(std::string_view key) const;
  // Each of them one of these.
  std::vector<std::string> lines_of(std::string_view key,
                                    const std::vector<std::string>& names) const;
  // Above 0.
  unsigned count(std::string_view key) const;
  // `cites`: one or more, each a commit of twelve digits and more, or a title in quotes where
  // nobody knows the commit. `what` is a citation of what, for messages.
  std::vector<std::string> citations(const std::string& what) const;

 private:
  const toml::node& required(std::string_view key, const std::string& expected) const;

  const toml::table& table_;
  const std::string& source_;
};

}  // namespace hmm
