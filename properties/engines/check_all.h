#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "properties/properties.h"

namespace hmm {

struct PropertyInfo {
  std::string_view name, says;
  bool is_strengthening;
};
template <class... P>
constexpr std::array<PropertyInfo, sizeof...(P)> property_infos(
    std::type_identity<std::tuple<P...>>) {
  return {PropertyInfo{P::name, P::says, P::is_strengthening}...};
}
inline constexpr auto kPropertyInfos = property_infos(std::type_identity<Properties>{});

// One bit per property.
using PropertySet = std::uint32_t;
static_assert(kProperties <= 32);
inline constexpr PropertySet kAllProperties = (PropertySet{1} << kProperties) - 1;
// Empty if no property has the name.
constexpr PropertySet property_named(std::string_view name) {
  for (std::size_t i = 0; i < kProperties; ++i)
    if (kPropertyInfos[i].name == name) return PropertySet{1} << i;
  return 0;
}
// What is promised to users; the rest are strengthenings.
constexpr PropertySet promises() {
  PropertySet set = 0;
  for (std::size_t i = 0; i < kProperties; ++i)
    if (!kPropertyInfos[i].is_strengthening) set |= PropertySet{1} << i;
  return set;
}

// The properties of `wanted` that do not hold.
template <class D>
PropertySet violated(const Profile& k, const State<D>& s, PropertySet wanted) {
  PropertySet bad = 0;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((bad |= (wanted >> I & 1) != 0 && !std::tuple_element_t<I, Properties>::holds(k, s)
                 ? PropertySet{1} << I
                 : 0),
     ...);
  }
  (std::make_index_sequence<kProperties>{});
  return bad;
}

}  // namespace hmm
