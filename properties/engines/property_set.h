#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The properties by name and number, without what they say of a state.
namespace hmm {

struct PropertyInfo {
  std::string_view name, says;
  bool is_strengthening;
};
// In the order of Properties.
std::span<const PropertyInfo> property_infos();

// One bit per property; the bits above are nobody's.
using PropertySet = std::uint32_t;
inline constexpr PropertySet kAllProperties = ~PropertySet{0};
// Empty if no property has the name.
PropertySet property_named(std::string_view name);
// What is promised to users; the rest are strengthenings.
PropertySet promises();

// The names of those in the set.
std::vector<std::string> names_of_properties(PropertySet set);
std::span<const std::string_view> all_property_names();

}  // namespace hmm
