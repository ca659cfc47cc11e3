#pragma once
#include <array>
#include <limits>

#include "properties/engines/property_set.h"
#include "properties/properties.h"

namespace hmm {

template <class... P>
constexpr std::array<PropertyInfo, sizeof...(P)> property_infos(
    std::type_identity<std::tuple<P...>>) {
  return {PropertyInfo{P::name, P::says, P::is_strengthening}...};
}
inline constexpr auto kPropertyInfos = property_infos(std::type_identity<Properties>{});

static_assert(kProperties <= std::numeric_limits<PropertySet>::digits);

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
