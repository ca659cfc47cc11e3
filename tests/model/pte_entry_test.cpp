// The ptes of the state and the encodings of model/swapops say the same of a pte.
#include "model/swapops/pte_entry.h"

#include <catch2/catch.hpp>

#include "model/swapops/migration_ad.h"

namespace hmm {
namespace {

using D = Concrete<Scope{}>;

// Every pte of the state of that kind, of a frame of system memory and of one of the device's.
template <class Check>
void for_each_pte(PteKind kind, Check&& check) {
  for (unsigned bits = 0; bits < 8; ++bits) {
    Pte<D> pte{};
    pte.kind = num<D>(kind);
    pte.pfn = Small((bits & 1) != 0 ? 1u : 2u);
    pte.write = (bits & 2) != 0;
    pte.exclusive = kind == PteKind::migration && !pte.write && (bits & 4) != 0;
    check(pte);
  }
}
swp_entry_t<D> entry_of(const SwapConfig& c, const Pte<D>& pte) {
  const auto entry = swp_entry_of<D>(c, pte);
  REQUIRE(entry);
  return *entry;
}
// The kernel can have such a pte.
bool exists(const SwapConfig& c, const Pte<D>& pte) {
  switch (static_cast<PteKind>(pte.kind.v)) {
    case PteKind::none:
    case PteKind::present:
      return false;
    case PteKind::device_private:
      return c.device_private;
    case PteKind::device_exclusive:
      return c.device_private && is_v6(c);
    case PteKind::migration:
      return c.migration && (is_v6(c) || !pte.exclusive);
    case PteKind::swap:
      return true;
  }
  return false;
}

constexpr std::array kSwapKinds{PteKind::device_private, PteKind::device_exclusive,
                                PteKind::migration};

}  // namespace

TEST_CASE("an empty or present pte has no swap entry") {
  for (const PteKind kind : {PteKind::none, PteKind::present})
    for_each_pte(kind, [](const Pte<D>& pte) {
      CHECK_FALSE(swp_entry_of<D>(default_config(SwapKernel::v6_12), pte));
    });
  // And those of a slot of swap, below.
  CHECK(kSwapKinds.size() + 3 == kEnumerators<PteKind>);
}

TEST_CASE("the entry of a slot of swap is of swap and of no page") {
  for (const SwapConfig& c : all_configs())
    for_each_pte(PteKind::swap, [&](const Pte<D>& pte) {
      const auto entry = entry_of(c, pte);
      CHECK(exists(c, pte));
      CHECK(entry.val != 0);
      CHECK_FALSE(non_swap_entry<D>(c, entry));
      CHECK_FALSE(is_migration_entry<D>(c, entry));
      CHECK_FALSE(is_device_private_entry<D>(c, entry));
      CHECK_FALSE(is_device_exclusive_entry<D>(c, entry));
      CHECK(is_swap_pte<D>(swp_entry_to_pte<D>(c, entry)));
    });
}

TEST_CASE("the entry of a pte is what the pte is, of its frame, in every config") {
  for (const SwapConfig& c : all_configs())
    for (const PteKind kind : kSwapKinds)
      for_each_pte(kind, [&](const Pte<D>& pte) {
        const auto entry = entry_of(c, pte);
        if (!exists(c, pte)) {
          CHECK(entry.val == 0);
          return;
        }
        CAPTURE(swap_kernel_name(c.kernel), kind, pte.write, pte.exclusive);
        CHECK(is_device_private_entry<D>(c, entry) == (kind == PteKind::device_private));
        CHECK(is_device_exclusive_entry<D>(c, entry) == (kind == PteKind::device_exclusive));
        CHECK(is_migration_entry<D>(c, entry) == (kind == PteKind::migration));
        // A kernel with one kind of exclusive entries has none that says so.
        const bool says_write =
            kind != PteKind::device_exclusive || SWP_DEVICE_EXCLUSIVE_WRITE(c).has_value();
        CHECK((is_writable_device_private_entry<D>(c, entry) ||
               is_writable_device_exclusive_entry<D>(c, entry) ||
               is_writable_migration_entry<D>(c, entry)) == (pte.write && says_write));
        CHECK(is_readable_exclusive_migration_entry<D>(c, entry) == pte.exclusive);
        CHECK(swp_offset_pfn<D>(c, entry) == pte.pfn.v);
        const auto in_table = swp_entry_to_pte<D>(c, entry);
        CHECK(is_swap_pte<D>(in_table));
        CHECK(pte_to_swp_entry<D>(c, in_table).val == entry.val);
      });
}

// mm/mprotect.c change_pte_range() in the state and in the encodings.
TEST_CASE("a pte that loses its write right is the readable entry of the same frame") {
  const SwapConfig c = default_config(SwapKernel::v6_12);
  for (const PteKind kind : kSwapKinds)
    for_each_pte(kind, [&](const Pte<D>& pte) {
      if (!pte.write) return;
      Pte<D> readable = pte;
      readable.write = false;
      readable.exclusive = kind == PteKind::migration;
      const auto was = entry_of(c, pte), is = entry_of(c, readable);
      if (kind == PteKind::device_private)
        CHECK(device_private_entry_to_readable<D>(c, was).val == is.val);
      if (kind == PteKind::device_exclusive)
        CHECK(device_exclusive_entry_to_readable<D>(c, was).val == is.val);
      if (kind == PteKind::migration)
        CHECK(migration_entry_to_readable_exclusive<D>(c, was).val == is.val);
    });
}

}  // namespace hmm
