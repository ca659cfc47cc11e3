#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

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

// The claims of all properties, numbered in the order of Properties and of their enumerators.
inline constexpr auto kFirstClaim = []<class... P>(std::type_identity<std::tuple<P...>>) {
  std::array<std::size_t, kProperties + 1> first{};
  std::size_t i = 0;
  ((first[i + 1] = first[i] + kClaimsOf<P>, ++i), ...);
  return first;
}(std::type_identity<Properties>{});
inline constexpr std::size_t kClaims = kFirstClaim[kProperties];

inline constexpr auto kClaimInfos = []<class... P>(std::type_identity<std::tuple<P...>>) {
  std::array<ClaimInfo, kClaims> infos{};
  std::size_t property = 0, i = 0;
  const auto add = [&]<class One>() {
    for (const auto name : kEnumeratorNames<typename One::Claim>) infos[i++] = {property, name};
    ++property;
  };
  (add.template operator()<P>(), ...);
  return infos;
}(std::type_identity<Properties>{});

// GivenCounts while they are counted.
using ClaimCounts = std::array<std::uint64_t, kClaims>;

// Calls visit.operator()<I, Property>() for the I-th and each other property of `wanted`.
template <class Visit>
[[gnu::always_inline]] constexpr void for_each_property(PropertySet wanted, Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    const auto one = [&]<std::size_t N>() __attribute__((always_inline)) {
      if ((wanted >> N & 1) != 0)
        visit.template operator()<N, std::tuple_element_t<N, Properties>>();
    };
    (one.template operator()<I>(), ...);
  }
  (std::make_index_sequence<kProperties>{});
}

// The properties of `wanted` that do not hold.
template <class D>
PropertySet violated(const Profile& k, const State<D>& s, PropertySet wanted) {
  PropertySet bad = 0;
  for_each_property(wanted, [&]<std::size_t I, class Property>() {
    if (!holds<Property>(k, s)) bad |= PropertySet{1} << I;
  });
  return bad;
}

// Counts the state at the claims of `wanted` that it gives.
template <class D>
[[gnu::cold]] void count_given(const Profile& k, const State<D>& s, PropertySet wanted,
                               ClaimCounts& given) {
  for_each_property(wanted, [&]<std::size_t I, class Property>() {
    const auto judgement = judge<Property>(k, s);
    for (std::size_t c = 0; c < kClaimsOf<Property>; ++c)
      given[kFirstClaim[I] + c] += judgement.given[c] ? 1 : 0;
  });
}

// All of `wanted`, in the order of the claims' text. Nobody is in a hurry who asks.
template <class D>
[[gnu::cold]] std::vector<BrokenClaim> broken_claims(const Profile& k, const State<D>& s,
                                                     PropertySet wanted) {
  std::vector<BrokenClaim> broken;
  for_each_property(wanted, [&]<std::size_t I, class Property>() {
    Property::claims(
        k, s,
        [&](typename Property::Claim claim, bool given, bool then, const auto&... rows)
            __attribute__((noinline)) {
              if (given && !then)
                broken.push_back({kFirstClaim[I] + static_cast<std::size_t>(claim), {rows...}});
            });
  });
  return broken;
}

}  // namespace hmm
