#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "properties/row.h"

// The properties by name and number, without what they say of a state.
namespace hmm {

struct PropertyInfo {
  std::string_view name, says;
  bool is_strengthening;
};
// In the order of Properties.
std::span<const PropertyInfo> property_infos();

// One bit per property; the bits above are nobody's.
using PropertySet = std::uint64_t;
inline constexpr PropertySet kAllProperties = ~PropertySet{0};
// Empty if no property has the name.
PropertySet property_named(std::string_view name);
// What is promised to users; the rest are strengthenings.
PropertySet promises();

// The claims of all properties, in the order of Properties and of their text.
struct ClaimInfo {
  std::size_t property;
  std::string_view name;
};
std::span<const ClaimInfo> claim_infos();
// `property.claim`.
std::string name_of_claim(std::size_t claim);
// By claim: in how many of the states that were judged it was given. What is never given holds of
// nothing.
using GivenCounts = std::vector<std::uint64_t>;
void add_counts(GivenCounts& to, const GivenCounts& more);
// The names of the claims of `wanted` that were given in no state.
std::vector<std::string> never_given(const GivenCounts& given, PropertySet wanted);

// An instance of a claim that does not hold: given, and not so.
struct BrokenClaim {
  std::size_t claim = 0;
  std::vector<Row> rows;  // what it is about
};

// The first of those in the set, in the order of Properties; empty if it is.
constexpr PropertySet first_of(PropertySet set) { return set & (~set + 1); }

// The names of those in the set.
std::vector<std::string> names_of_properties(PropertySet set);
std::span<const std::string_view> all_property_names();

}  // namespace hmm
