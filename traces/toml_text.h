#pragma once
#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <vector>

#include "traces/input.h"

// TOML that a user gave us. What is not as it is to be is refused with its place: all throw
// InputError.
namespace hmm {

toml::table parse_toml(std::string_view text, const std::string& source);

Origin at(const std::string& source, const toml::source_region& where);
std::string type_of(const toml::node& node);

// `key` is what the value is called in messages. A line is a text that is not empty and has no
// control characters.
std::string string_of(const toml::node& node, std::string_view key, const std::string& source);
std::string line_of(const toml::node& node, std::string_view key, const std::string& source);
std::vector<std::string> strings_of(const toml::node& node, std::string_view key,
                                    const std::string& source);

}  // namespace hmm
