#include "properties/engines/property_set.h"

#include "properties/engines/check_all.h"

namespace hmm {

std::span<const PropertyInfo> property_infos() { return kPropertyInfos; }

PropertySet property_named(std::string_view name) {
  for (std::size_t i = 0; i < kProperties; ++i)
    if (kPropertyInfos[i].name == name) return PropertySet{1} << i;
  return 0;
}

PropertySet promises() {
  PropertySet set = 0;
  for (std::size_t i = 0; i < kProperties; ++i)
    if (!kPropertyInfos[i].is_strengthening) set |= PropertySet{1} << i;
  return set;
}

std::span<const ClaimInfo> claim_infos() { return kClaimInfos; }

std::string name_of_claim(std::size_t claim) {
  const ClaimInfo& info = kClaimInfos[claim];
  return std::string(kPropertyInfos[info.property].name) + "." + std::string(info.name);
}

void add_counts(GivenCounts& to, const GivenCounts& more) {
  to.resize(kClaims);
  for (std::size_t c = 0; c < more.size(); ++c) to[c] += more[c];
}

std::vector<std::string> never_given(const GivenCounts& given, PropertySet wanted) {
  std::vector<std::string> never;
  for (std::size_t c = 0; c < kClaims; ++c)
    if ((wanted >> kClaimInfos[c].property & 1) != 0 && (c >= given.size() || given[c] == 0))
      never.push_back(name_of_claim(c));
  return never;
}

std::vector<std::string> names_of_properties(PropertySet set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kProperties; ++i)
    if ((set >> i & 1) != 0) names.emplace_back(kPropertyInfos[i].name);
  return names;
}

std::span<const std::string_view> all_property_names() {
  static constexpr auto names = [] {
    std::array<std::string_view, kProperties> n{};
    for (std::size_t i = 0; i < kProperties; ++i) n[i] = kPropertyInfos[i].name;
    return n;
  }();
  return names;
}

}  // namespace hmm
