#pragma once
#include <string>
#include <string_view>

#include "traces/input.h"

// Builds of edited rules that tools/rules makes, loaded into this program.
namespace hmm {

// Which text of the rules this program was built from, by model/rules_text.cmake.
extern const std::string_view kRulesText;

// It was made of other states or steps than this program has, or is a change of another text.
struct StaleRules : InputError {
  using InputError::InputError;
};

// Loads the build of that name, of the folder `rules` beside this program, unless it is loaded.
// Throws InputError if there is none or if it did not compile, and StaleRules.
void load_rules(const std::string& name, const Origin& at);
// Throws InputError if it cannot judge recordings; `option` is what asks for them. Of this
// program's own rules, whose name is empty, it can.
void require_conform(const std::string& name, const char* option);
// Loads the build that is made of a diff that is kept. If there is none, or a stale one, gives what
// a row says of that: how to build it; `rest` are options and scopes.
std::string load_kept_rules(const std::string& name, const std::string& diff,
                            const std::string& rest, const Origin& at);

}  // namespace hmm
