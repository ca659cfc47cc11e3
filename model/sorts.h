#pragma once
#include <algorithm>

#include "model/domain/sort.h"
#include "model/enumerations.h"
#include "model/zones.h"

// The sorts of values that states, steps and calls are made of.
namespace hmm {

// Whoever can hold references on a frame; holders.h says where each stands in a state.
enum class Holder {
  gup,  // get_user_pages() and pin_user_pages()
  pte,
  page_cache,
  swap_cache,
  mirror,         // names a frame and has nothing of it
  device_fault,   // make_device_exclusive_range()
  migration_src,  // struct migrate_vma
  migration_dst,
  cpu_fault,  // vmf->page
  old_page,   // of an open range: wp_page_copy(), remove_device_exclusive_entry()
  new_page,
};
// The most references that holders of the kind have on one frame at once.
constexpr unsigned most_references(Holder holder, const Scope& s) {
  switch (holder) {
    case Holder::gup:
      return s.holds;
    case Holder::pte:
      return s.mms * s.vpns;
    case Holder::page_cache:
      return s.files;
    case Holder::swap_cache:
      return s.swaps;
    case Holder::mirror:
      return 0;
    case Holder::device_fault:
      return s.exclusives;
    case Holder::migration_src:
    case Holder::migration_dst:
      return s.migrations;
    case Holder::cpu_fault:
      return s.cpu_faults;
    case Holder::old_page:
    case Holder::new_page:
      return s.invalidations;
  }
  return 0;
}
constexpr unsigned most_references(const Scope& s) {
  unsigned all = 0;
  for (unsigned h = 0; h < kEnumerators<Holder>; ++h)
    all += most_references(static_cast<Holder>(h), s);
  // A frame is in the page cache or in the swap cache.
  return all - std::min(s.files, s.swaps);
}

namespace sort {

namespace detail {
template <Size Of>
inline constexpr Values first_of{[](const Scope& s) {
  return Range{0, s.*Of};
}};
template <Size Of>
inline constexpr Values none_or_one_of{[](const Scope& s) {
  return Range{0, s.*Of + 1};
}};
inline constexpr Values pfns{[](const Scope& s) { return Range{1, frames_of(s)}; }};
inline constexpr Values system_pfns{[](const Scope& s) {
  return pfns_where(s, [](const Zone& zone) { return zone.memory == Memory::system; });
}};
inline constexpr Values device_pfns{
    [](const Scope& s) { return pfns_where(s, [](const Zone& zone) { return zone.is_owned(); }); }};
// One more than all that can hold it at once, so that a reference too many is seen.
inline constexpr Values refcounts{[](const Scope& s) { return Range{0, most_references(s) + 2}; }};
inline constexpr Values pagemap_refs{[](const Scope& s) {
  return Range{0, s.regions == 0 ? 0 : s.device_pages + 3};
}};
inline constexpr Values mapcounts{[](const Scope& s) {
  return Range{0, most_references(Holder::pte, s) + 1};
}};
inline constexpr Values swap_counts{[](const Scope& s) {
  return Range{0, s.swaps == 0 ? 0 : s.mms * s.vpns + 2};
}};

// One of the so many there are of it, or of the first `FirstSoMany`.
template <Noun N, Size Of, Size FirstSoMany = Of>
constexpr Sort named() {
  return {N, Of, &first_of<FirstSoMany>};
}
template <Size Of, Size FirstSoMany = Of>
constexpr Sort slot() {
  return named<Noun::slot, Of, FirstSoMany>();
}
}  // namespace detail

inline constexpr Sort mm = detail::named<Noun::mm, &Scope::mms>();
// An address space that devices mirror.
inline constexpr Sort mirrored_mm = detail::named<Noun::mm, &Scope::mms, &Scope::mirrored_mms>();
inline constexpr Sort vpn = detail::named<Noun::vpn, &Scope::vpns>();
inline constexpr Sort device = detail::named<Noun::device, &Scope::devices>();
inline constexpr Sort token = detail::named<Noun::token, &Scope::tokens>();
// A shmem object; and one more than it, or 0 for none.
inline constexpr Sort file = detail::named<Noun::file, &Scope::files>();
inline constexpr Sort file_ref{Noun::file, &Scope::files, &detail::none_or_one_of<&Scope::files>};
// A frame; 0 in a field is the zero page, or no page.
inline constexpr Sort pfn{Noun::pfn, nullptr, &detail::pfns};
inline constexpr Sort system_pfn{Noun::pfn, nullptr, &detail::system_pfns};
inline constexpr Sort device_pfn{Noun::pfn, nullptr, &detail::device_pfns};

// A device whose memory comes and goes.
inline constexpr Sort mapped_device{Noun::device, &Scope::devices,
                                    &detail::first_of<&Scope::devices>, nullptr,
                                    Gate{&Scope::regions}};
// A device whose notifiers are inserted and removed.
inline constexpr Sort closing_device{Noun::device, &Scope::devices,
                                     &detail::first_of<&Scope::devices>, nullptr,
                                     Gate{&Scope::closings}};
// A frame of a device whose driver keeps what is behind it.
inline constexpr Sort buffered_pfn{Noun::pfn, nullptr, &detail::device_pfns, nullptr,
                                   Gate{&Scope::buffers}};
// A range of physical addresses, the lowest first.
inline constexpr Sort region = detail::named<Noun::region, &Scope::regions>();

inline constexpr Sort invalidation = detail::slot<&Scope::invalidations>();
inline constexpr Sort migration = detail::slot<&Scope::migrations>();
inline constexpr Sort device_fault = detail::slot<&Scope::device_faults>();
inline constexpr Sort gup = detail::slot<&Scope::holds>();
inline constexpr Sort cpu_fault = detail::slot<&Scope::cpu_faults>();
// A device fault that may ask for exclusive access; a migration that may be of a range of frames; a
// CPU fault that may wait for a migration entry.
inline constexpr Sort exclusive = detail::slot<&Scope::device_faults, &Scope::exclusives>();
inline constexpr Sort entry_wait = detail::slot<&Scope::cpu_faults, &Scope::entry_waits>();
inline constexpr Sort eviction = detail::slot<&Scope::migrations, &Scope::evictions>();

inline constexpr Sort hold{Noun::count, nullptr, &detail::none_or_one_of<&Scope::holds>};
inline constexpr Sort refcount{Noun::count, nullptr, &detail::refcounts};
inline constexpr Sort mapcount{Noun::count, nullptr, &detail::mapcounts};
// A slot of swap; and its swap_map, with one entry more than there can be.
inline constexpr Sort swap_slot = detail::slot<&Scope::swaps>();
inline constexpr Sort swap_count{Noun::count, nullptr, &detail::swap_counts};

// Pages of a device in use, who looks one up, and one more, so that a reference too many is seen.
inline constexpr Sort pagemap_refs{Noun::count, nullptr, &detail::pagemap_refs};

template <GatedEnum E>
inline constexpr Sort enumerator{Noun::enumerator, nullptr, nullptr, &kEnumeration<E>};

}  // namespace sort
}  // namespace hmm
