#pragma once
#include <string>
#include <utility>
#include <vector>

// TOML files that are compiled into the program, by name, each with its text. model/embed.cmake
// writes the definitions.
namespace hmm {

using Embedded = std::vector<std::pair<std::string, std::string>>;

const Embedded& embedded_profiles();  // model/profiles/
const Embedded& embedded_kconfigs();  // model/kconfig/
const Embedded& embedded_sources();   // traces/sources/

}  // namespace hmm
