#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/profile.h"
#include "traces/input.h"

// Rules by their names, `step.word`, in texts and options.
namespace hmm {

std::string print_rule(const RuleId& id);

// Throws InputError, with what comes nearest, if no rule has the name.
RuleId parse_rule(std::string_view text, const Origin& at);

// The profile goes without the rule. Throws InputError for a name that no rule has, and for more
// rules than a run can go without.
void drop_rule(Profile& profile, std::string_view text, const Origin& at);
// The same of each of several, as an option gives them.
Profile without_rules(Profile profile, const std::vector<std::string>& texts);

// `STEP:TABLE.FIELD+1`, `-1`, or `STEP:TABLE.FIELD~OTHER`. Nothing of an edit that is none.
std::string print_edit(const FieldEdit& edit);
// Throws InputError for what is no such text, and for what can be no edit.
FieldEdit parse_edit(std::string_view text, const Origin& at);

}  // namespace hmm
