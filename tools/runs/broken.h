#pragma once
#include <string>
#include <vector>

#include "properties/engines/judged_machine.h"
#include "tools/runs/report.h"

namespace hmm {

// Which claims do not hold where the machine is, of the properties in `bad`, and of which rows:
// `rights_never_grow.owned_page_is_named_once: pte mm=0 vpn=0 kind=present pfn=1; page pfn=1 ...`.
// A claim that several instances break is said once, of the first.
std::vector<std::string> broken_claims(const JudgedMachine& machine, const Profile& k,
                                       PropertySet bad);

// In how many states each claim of `wanted` was given, a line for each; and as an object.
std::string given_text(const GivenCounts& given, PropertySet wanted);
Json given_facts(const GivenCounts& given, PropertySet wanted);

}  // namespace hmm
