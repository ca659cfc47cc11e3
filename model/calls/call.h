#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "model/calls/result.h"

// What calls are made of. A call is a struct: its row, its arguments, and the function it runs
// (model/calls/calls.h).
namespace hmm {

// The functions of the kernel that calls come to (Caller::inside()), and where they can be held: on
// entry or on return. Those of the test driver are in a driver's place.
inline constexpr std::array<std::string_view, 19> kPlaces{"change_protection",
                                                          "change_pte_range",
                                                          "clear_refs_pte_range",
                                                          "copy_pte_range",
                                                          "dmirror_devmem_fault",
                                                          "do_anonymous_page",
                                                          "hmm_range_fault",
                                                          "make_device_exclusive",
                                                          "make_device_exclusive_range",
                                                          "migrate_device_finalize",
                                                          "migrate_device_pages",
                                                          "migrate_device_unmap",
                                                          "migrate_vma_collect",
                                                          "migrate_vma_collect_pmd",
                                                          "migrate_vma_finalize",
                                                          "migrate_vma_pages",
                                                          "move_page_tables",
                                                          "move_ptes",
                                                          "zap_pte_range"};

namespace call {

// The arguments.
struct Page {
  unsigned vpn = 0;
  friend bool operator==(const Page&, const Page&) = default;
};
struct Pages {
  unsigned first = 0, last = 0;  // both inclusive
  constexpr unsigned count() const { return last - first + 1; }
  friend bool operator==(const Pages&, const Pages&) = default;
};
struct Value {
  unsigned v = 0;
  friend bool operator==(const Value&, const Value&) = default;
};
struct Device {
  unsigned number = 0;
  friend bool operator==(const Device&, const Device&) = default;
};
// The one process that may come of the first.
struct Child {
  unsigned mm = 1;
  friend bool operator==(const Child&, const Child&) = default;
};
enum class Rights : unsigned { none, r, rw };
enum class Memory : unsigned { anon, shared };
constexpr bool reads(Rights rights) { return rights != Rights::none; }
constexpr bool writes(Rights rights) { return rights == Rights::rw; }

// What is known of a call by its name.
struct Row {
  std::string_view name;
  std::string_view says;                // what it is, in Markdown
  Ending fails_with = Ending::error;    // or with a signal
  bool gives_value = false;             // a success is the value read, and not `ok`
  bool cpages = false, faults = false;  // a success comes with these counters of the driver's
  bool values = false;                  // and with a value for each of its pages
  bool begins_child = false, ends_child = false;
  // Why the model does not know what comes of it while it is held, or of one that was to be held
  // and is not; empty where it does.
  std::string_view unknown_if_held{}, unknown_unless_held{};
};

template <class C>
concept Type = requires {
  { C::row } -> std::convertible_to<Row>;
  C::arguments();
};

// Calls visit(argument) for each of the call's arguments, in order.
template <class C, class Visit>
constexpr void for_each_argument(C& call, Visit&& visit) {
  std::apply([&](auto... at) { (visit(call.*at), ...); }, std::remove_const_t<C>::arguments());
}

template <Type C>
constexpr bool operator==(const C& a, const C& b) {
  return std::apply([&](auto... at) { return ((a.*at == b.*at) && ...); }, C::arguments());
}

// How many pages the call is about.
template <Type C>
constexpr unsigned count_pages(const C& call) {
  unsigned count = 0;
  for_each_argument(call, [&](const auto& argument) {
    if constexpr (requires { argument.count(); }) count += argument.count();
  });
  return count;
}

// The row says something; every member is an argument, since arguments are all of unsigneds; and
// what comes with values has pages.
template <Type C>
constexpr bool is_well_formed() {
  constexpr const Row& row = C::row;
  std::size_t size = 0;
  const C call{};
  for_each_argument(call, [&](const auto& argument) { size += sizeof argument; });
  return !row.name.empty() && !row.says.empty() && size == (std::is_empty_v<C> ? 0 : sizeof(C)) &&
         (!row.values || count_pages(call) != 0);
}

}  // namespace call
}  // namespace hmm
