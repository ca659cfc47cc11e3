#pragma once
#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

// What the enumerators of an enumeration are called: by their own names, as the compiler spells
// them, so that there is no second list to forget one in. They count from 0 without a gap.
namespace hmm {

namespace detail {

// The spelling of E(V) in this function's signature; "(hmm::E)7" if no enumerator has the value.
template <class E, E V>
constexpr std::string_view spelled() {
  constexpr std::string_view signature = __PRETTY_FUNCTION__;
  constexpr std::size_t from = signature.rfind("V = ") + 4;
  constexpr std::string_view rest = signature.substr(from);
  return rest.substr(0, rest.find_first_of(";]"));
}
template <class E, std::size_t V>
constexpr bool is_enumerator() {
  return spelled<E, static_cast<E>(V)>().front() != '(';
}
template <class E, std::size_t V = 0>
constexpr std::size_t count_enumerators() {
  if constexpr (!is_enumerator<E, V>())
    return V;
  else
    return count_enumerators<E, V + 1>();
}
constexpr std::string_view unqualified(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

}  // namespace detail

// How many enumerators E has.
template <class E>
inline constexpr std::size_t kEnumerators = detail::count_enumerators<E>();

// Their names, in order.
template <class E>
inline constexpr auto kEnumeratorNames = []<std::size_t... V>(std::index_sequence<V...>) {
  return std::array<std::string_view, sizeof...(V)>{
      detail::unqualified(detail::spelled<E, static_cast<E>(V)>())...};
}
(std::make_index_sequence<kEnumerators<E>>{});

// The enumerator's name. One of another enumeration's values does not compile; a number that is
// none of E's is read past the end, so callers check those first.
template <class E>
requires std::is_enum_v<E>
constexpr std::string_view enumerator_name(E e) {
  return kEnumeratorNames<E>[static_cast<std::size_t>(e)];
}

// The table has one row for each enumerator, in their order; `of` is the member that says which.
template <class E, class Row, std::size_t N>
constexpr bool is_one_for_each(const std::array<Row, N>& table, E Row::*of) {
  for (std::size_t i = 0; i < N; ++i)
    if (table[i].*of != static_cast<E>(i)) return false;
  return N == kEnumerators<E>;
}

}  // namespace hmm
