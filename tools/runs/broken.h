#pragma once
#include <string>
#include <vector>

#include "properties/engines/judged_machine.h"
#include "tools/runs/report.h"
#include "traces/text.h"

namespace hmm {

// A claim that does not hold, and of which rows of the state.
struct BrokenRows {
  std::string says;  // `rights_never_grow.owned_page_is_named_once: pte mm=0 vpn=0 ...; page ...`
  std::vector<PlainRow> rows;  // without values
};
// Of the properties in `bad`, where the machine is. A claim that several instances break is said
// once, of the first.
std::vector<BrokenRows> broken_rows(const JudgedMachine& machine, const Profile& k,
                                    PropertySet bad);

// What broken_rows() says.
std::vector<std::string> broken_claims(const JudgedMachine& machine, const Profile& k,
                                       PropertySet bad);

// In how many states each claim of `wanted` was given, a line for each; and as an object.
std::string given_text(const GivenCounts& given, PropertySet wanted);
Json given_facts(const GivenCounts& given, PropertySet wanted);

}  // namespace hmm
