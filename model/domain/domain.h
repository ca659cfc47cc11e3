#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "model/domain/concrete.h"
#include "model/domain/fields.h"

// Value domains, and records whose fields are listed once.
namespace hmm {

// What a rule may do with values; nothing else is available to it.
template <class D>
concept ValueDomain = requires(typename D::Num n, typename D::Bool b) {
  { n + n } -> std::same_as<typename D::Num>;
  { n - n } -> std::same_as<typename D::Num>;
  { n == n } -> std::same_as<typename D::Bool>;
  { n < n } -> std::same_as<typename D::Bool>;
  { !b } -> std::same_as<typename D::Bool>;
  { b&& b } -> std::same_as<typename D::Bool>;
  { b || b } -> std::same_as<typename D::Bool>;
  { ite(b, n, n) } -> std::same_as<typename D::Num>;
  { implies(b, b) } -> std::same_as<typename D::Bool>;
  { to_num(b) } -> std::same_as<typename D::Num>;
  { D::scope } -> std::convertible_to<const Scope&>;
};
// With what swap entries and ptes are made of, too.
template <class D>
concept WordDomain = ValueDomain<D> && requires(typename D::Word w) {
  { w& w } -> std::convertible_to<typename D::Word>;
  { w >> 3u } -> std::convertible_to<typename D::Word>;
  { w == w } -> std::same_as<typename D::Bool>;
};
static_assert(WordDomain<Concrete<Scope{}>>);

// A record lists its fields once. Printing, parsing, hashing, generation, enumeration, packing,
// merging and symbolic variables all follow from that list. A field is a value of the domain, an
// array or Grid of values or records, or a record.
template <class R>
concept Record = requires {
  R::fields();
};

template <Record R, class Visit>
[[gnu::always_inline]] constexpr void for_each_field(Visit&& visit) {
  R::fields().apply([&](const auto&... f) __attribute__((always_inline)) { (visit(f), ...); });
}

// A table of records, or flags, indexed by values of the given sorts. Total: reading past the end
// gives the zero record and writing past the end does nothing, in every domain.
template <class D, class R, Sort... Index>
struct Grid {
  using Num = typename D::Num;
  using Row = R;
  static constexpr std::array sorts{Index...};
  // Everything about the sorts is found out while compiling: they are asked in every rule.
  static constexpr std::array ranges{range_of(Index, D::scope)...};
  static constexpr bool has_none = ((range_of(Index, D::scope).count == 0) || ...);
  // A scope that has none of a thing keeps one blank row of it that no index reaches.
  static constexpr std::size_t size =
      std::max(std::size_t{1}, (std::size_t{range_of(Index, D::scope).count} * ...));
  std::array<R, size> slot{};

  // Nothing is selected by an index that is no value of the domain but known to whoever compiles.
  template <class... N>
  [[gnu::always_inline]] R at(const N&... index) const {
    if constexpr (D::selects && !(std::is_same_v<N, unsigned> && ...)) {
      return select(index...);
    } else {
      const std::size_t k = slot_of(index...);
      return k < size ? slot[k] : R{};
    }
  }
  // Changes the row at the index in place.
  template <class Change, class... N>
  void update(Change&& change, const N&... index) {
    if constexpr (D::selects) {
      for (std::size_t k = 0; k < size; ++k) when(is_slot(k, index...), slot[k], change);
    } else {
      const std::size_t k = slot_of(index...);
      if (k < size) change(slot[k]);
    }
  }
  template <class... N>
  void set(const R& row, const N&... index) {
    update([&](R& r) { r = row; }, index...);
  }
  // The value of the `dimension`-th index of slot k.
  static constexpr unsigned index_of(std::size_t k, std::size_t dimension) {
    return indexes[k][dimension];
  }

 private:
  static constexpr auto indexes = [] {
    std::array<std::array<unsigned, sizeof...(Index)>, size> all{};
    for (std::size_t k = 0; k < size; ++k)
      for (std::size_t d = sizeof...(Index), rest = k; d-- > 0;) {
        const unsigned count = std::max(ranges[d].count, 1u);
        all[k][d] = ranges[d].first + static_cast<unsigned>(rest % count);
        rest /= count;
      }
    return all;
  }();
  template <class... N>
  R select(const N&... index) const {
    R out{};
    for (std::size_t k = size; k-- > 0;) out = ite_record(is_slot(k, index...), slot[k], out);
    return out;
  }
  template <class... N>
  static auto is_slot(std::size_t k, const N&... index) {
    typename D::Bool all = !has_none;
    std::size_t dimension = 0;
    ((all = all && Num(index) == Num(index_of(k, dimension++))), ...);
    return all;
  }
  template <class... N>
  [[gnu::always_inline]] static constexpr std::size_t slot_of(const N&... index) {
    static_assert(sizeof...(N) == sizeof...(Index));
    std::size_t k = 0;
    bool inside = true;
    const auto one = [&]<Sort K>(std::size_t at) __attribute__((always_inline)) {
      constexpr Range range = range_of(K, D::scope);
      const std::size_t i = at - range.first;
      inside = inside && i < range.count;
      k = k * range.count + i;
    };
    (one.template operator()<Index>(value_of(index)), ...);
    return inside ? k : size;
  }
  static constexpr unsigned value_of(unsigned index) { return index; }
  template <class N>
  static constexpr unsigned value_of(const N& index) {
    return Num(index).v;
  }
};

template <class T>
inline constexpr bool is_grid = false;
template <class D, class R, Sort... I>
inline constexpr bool is_grid<Grid<D, R, I...>> = true;

template <std::size_t F, class R>
constexpr auto& field_at(R& record) {
  constexpr auto f = field_number<F>(std::remove_const_t<R>::fields());
  return record.*f.at;
}

// Calls visit(leaf..., sort) for every leaf value of the records, in field order; several records
// of the same shape (whatever their domain) are walked side by side.
template <Sort K, class Visit, class T, class... Ts>
constexpr void for_each_leaf_of(Visit& visit, T& first, Ts&... rest) {
  using Plain = std::remove_const_t<T>;
  if constexpr (is_grid<Plain>) {
    const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      for_each_leaf_of<K>(visit, first.slot[I], rest.slot[I]...);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (one(std::integral_constant<std::size_t, I>{}), ...);
    }
    (std::make_index_sequence<Plain::size>{});
  } else if constexpr (Record<Plain>) {
    const auto one = [&]<std::size_t F>(std::integral_constant<std::size_t, F>) {
      constexpr auto f = field_number<F>(Plain::fields());
      for_each_leaf_of<f.sort>(visit, field_at<F>(first), field_at<F>(rest)...);
    };
    [&]<std::size_t... F>(std::index_sequence<F...>) {
      (one(std::integral_constant<std::size_t, F>{}), ...);
    }
    (std::make_index_sequence<Plain::fields().size>{});
  } else {
    visit(first, rest..., K);
  }
}
template <class Visit, class T, class... Ts>
constexpr void for_each_leaf(Visit&& visit, T& first, Ts&... rest) {
  for_each_leaf_of<Sort{}>(visit, first, rest...);
}

// A concrete record in a domain whose leaves the record `R` has.
template <class R, class C>
constexpr R lift_record(const C& concrete) {
  R lifted{};
  for_each_leaf([](auto& to, const auto& from, const Sort&) { to = leaf_value(from); }, lifted,
                concrete);
  return lifted;
}

// Leaf by leaf. Inlined by force, as is what it calls: of a row that is selected a rule reads a
// field or two, and the rest goes away only where the compiler sees the whole.
template <class Cond, class R>
[[gnu::always_inline]] inline R ite_record(const Cond& c, const R& a, const R& b) {
  if constexpr (is_grid<R>) {
    R out = b;
    for (std::size_t k = 0; k < R::size; ++k) out.slot[k] = ite_record(c, a.slot[k], b.slot[k]);
    return out;
  } else if constexpr (Record<R>) {
    R out = b;
    for_each_field<R>([&](const auto& f) __attribute__((always_inline)) {
      out.*f.at = ite_record(c, a.*f.at, b.*f.at);
    });
    return out;
  } else {
    return ite(c, a, b);
  }
}

// Calls visit(row, index...) for the rows of a table; for none if the scope has none.
template <class Table, class Visit>
[[gnu::always_inline]] inline void for_each_row(const Table& table,
                                                Visit&& visit) requires is_grid<Table> {
  if constexpr (!Table::has_none)
    for (std::size_t k = 0; k < Table::size; ++k)
      [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        visit(table.slot[k], Table::index_of(k, I)...);
      }
  (std::make_index_sequence<Table::sorts.size()>{});
}

// Whether two values, records or tables are the same, leaf by leaf.
template <class T>
[[gnu::always_inline]] inline auto same(const T& a, const T& b) {
  if constexpr (is_grid<T>) {
    auto all = same(a.slot[0], b.slot[0]);
    for (std::size_t k = 1; k < T::size; ++k) all = all && same(a.slot[k], b.slot[k]);
    return all;
  } else if constexpr (Record<T>) {
    return same_but(a, b);
  } else {
    return a == b;
  }
}

template <class R, class A, class B>
constexpr bool is_same_member(A R::*a, B R::*b) {
  if constexpr (std::is_same_v<A, B>)
    return a == b;
  else
    return false;
}
// Whether two records are the same but for the fields left out, such as &Pte<D>::write. A field
// that the record gets later counts by itself.
template <Record R, class... Leaf>
[[gnu::always_inline]] inline auto same_but(const R& a, const R& b, Leaf R::*... left_out) {
  const auto one = [&](const auto& f) __attribute__((always_inline)) {
    using Bool = decltype(same(a.*f.at, b.*f.at));
    return (is_same_member(f.at, left_out) || ...) ? Bool(true) : same(a.*f.at, b.*f.at);
  };
  return R::fields().apply([&](const auto&... f)
                               __attribute__((always_inline)) { return (one(f) && ...); });
}

// Every field is 0, as in R{}; but for those left out.
template <Record R, class... Leaf>
[[gnu::always_inline]] inline auto is_blank(const R& record, Leaf R::*... left_out) {
  return same_but(record, R{}, left_out...);
}

// The slots of a grid, or any one-index loop, from first to last of a sort.
template <class D, Sort K, class Visit>
constexpr void for_each(Visit&& visit) {
  constexpr Range range = range_of(K, D::scope);
  for (unsigned i = range.first; i < range.first + range.count; ++i) visit(i);
}

}  // namespace hmm
