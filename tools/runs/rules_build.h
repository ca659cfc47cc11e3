#pragma once
#include <string>

#include "traces/input.h"

// Builds of edited rules that tools/rules makes, loaded into this program.
namespace hmm {

// Loads the build of that name, of the folder `rules` beside this program, unless it is loaded.
// Throws InputError if there is none, if it did not compile, or if this program cannot take it.
void load_rules(const std::string& name, const Origin& at);
// Throws InputError if it cannot judge recordings; `option` is what asks for them. Of this
// program's own rules, whose name is empty, it can.
void require_conform(const std::string& name, const char* option);
// Whether there is one of that name.
bool is_rules_build(const std::string& name);
// What a row says of one that there is not: how to build it of the diff. `rest` are options and
// scopes.
std::string rules_not_built(const std::string& name, const std::string& diff,
                            const std::string& rest);

}  // namespace hmm
