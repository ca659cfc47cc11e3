#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

// The claims of all properties, numbered in the order of Properties and of their enumerators.
inline constexpr auto kFirstClaim = []<class... P>(std::type_identity<std::tuple<P...>>) {
  std::array<std::size_t, kProperties + 1> first{};
  std::size_t i = 0;
  ((first[i + 1] = first[i] + kClaimsOf<P>, ++i), ...);
  return first;
}(std::type_identity<Properties>{});
inline constexpr std::size_t kClaims = kFirstClaim[kProperties];

struct ClaimInfo {
  std::size_t property;
  std::string_view name;
};
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

// `property.claim`.
inline std::string name_of_claim(std::size_t claim) {
  const ClaimInfo& info = kClaimInfos[claim];
  return std::string(kPropertyInfos[info.property].name) + "." + std::string(info.name);
}

// By claim: in how many of the states that were judged it was given. What is never given holds of
// nothing.
using ClaimCounts = std::array<std::uint64_t, kClaims>;
inline void add_counts(ClaimCounts& to, const ClaimCounts& more) {
  for (std::size_t i = 0; i < kClaims; ++i) to[i] += more[i];
}

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

// The properties of `wanted` that do not hold. Counts the state at their claims that are given.
template <class D>
PropertySet violated(const Profile& k, const State<D>& s, PropertySet wanted,
                     ClaimCounts* given = nullptr) {
  PropertySet bad = 0;
  for_each_property(wanted, [&]<std::size_t I, class Property>() {
    const auto judgement = judge<Property>(k, s);
    if (!judgement.holds) bad |= PropertySet{1} << I;
    if (given != nullptr)
      for (std::size_t c = 0; c < kClaimsOf<Property>; ++c)
        (*given)[kFirstClaim[I] + c] += judgement.given[c] ? 1 : 0;
  });
  return bad;
}

// An instance of a claim that does not hold: given, and not so.
struct BrokenClaim {
  std::size_t claim = 0;
  std::vector<Row> rows;  // what it is about
};

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
