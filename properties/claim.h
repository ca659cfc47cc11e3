#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "model/domain/enumerators.h"
#include "model/profile.h"
#include "model/state.h"
#include "properties/row.h"

// What a property says, claim by claim. A property is a struct with a name, a sentence, an
// enumeration of its claims and a function that visits them, written once for every domain:
//
//   struct FilesAreWellFormed {
//     static constexpr const char* name = "files_are_well_formed";
//     static constexpr const char* says = "the page cache has each page once, ...";
//     static constexpr bool is_strengthening = true;
//     enum class Claim { cached_file_is_mapped, ... };
//
//     template <class D, class Visit>
//     static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
//       claim(Claim::cached_file_is_mapped, given, then, row("cached", file, vpn));
//       ...
//
// claim() is called for every instance of every claim: `then` must hold wherever `given` does, and
// the rows are what it is about. `given` and `then` are apart so that a claim about nothing can be
// told from one that holds. What has no condition is given by `true`.
namespace hmm {

// The table of that name, which has so many indexes; anything else does not compile.
template <std::size_t Indexes>
struct TableName {
  std::size_t number = 0;
  consteval TableName(const char* name) {
    bool found = false;
    for_each_field<AnyState>([&]<class T>(const Field<AnyState, T>& f) {
      if (std::string_view(f.name) == name && indexes<T>() == Indexes) found = true;
      if (!found) ++number;
    });
    if (!found) throw "no table of that name has so many indexes";
  }

 private:
  using AnyState = State<Concrete<Scope{}>>;
  template <class T>
  static constexpr std::size_t indexes() {
    if constexpr (is_grid<T>)
      return T::sorts.size();
    else
      return 0;
  }
};

constexpr unsigned value_if_known(unsigned v) { return v; }
constexpr unsigned value_if_known(Small v) { return v.v; }
template <class Num>
constexpr unsigned value_if_known(const Num&) {
  return 0;
}

// row("pte", mm, vpn)
template <class... N>
[[gnu::always_inline]] constexpr Row row(std::type_identity_t<TableName<sizeof...(N)>> table,
                                         const N&... index) {
  return {table.number, sizeof...(N), {value_if_known(index)...}};
}

template <class Property>
inline constexpr std::size_t kClaimsOf = kEnumerators<typename Property::Claim>;

// What a state, or each state of many, is to one property.
template <class Property, class D>
struct Judged {
  using Bool = typename D::Bool;
  Bool holds = true;                              // every claim does, wherever it is given
  std::array<Bool, kClaimsOf<Property>> given{};  // by claim: some instance of it is given
};

template <class Property, class D>
[[gnu::always_inline]] inline Judged<Property, D> judge(const Profile& k, const State<D>& s) {
  using Bool = typename D::Bool;
  Judged<Property, D> out;
  Property::claims(
      k, s,
      [&](typename Property::Claim claim, const Bool& given, const Bool& then, const auto&...)
          __attribute__((always_inline)) {
            auto& any = out.given[static_cast<std::size_t>(claim)];
            any = any || given;
            out.holds = out.holds && implies(given, then);
          });
  return out;
}

// The same without what is given, for states that are judged one by one.
template <class Property, class D>
[[gnu::always_inline]] inline typename D::Bool holds(const Profile& k, const State<D>& s) {
  using Bool = typename D::Bool;
  Bool all = true;
  Property::claims(
      k, s,
      [&](typename Property::Claim, const Bool& given, const Bool& then, const auto&...)
          __attribute__((always_inline)) { all = all && implies(given, then); });
  return all;
}

}  // namespace hmm
