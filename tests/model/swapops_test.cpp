#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "model/domain/symbolic.h"
#include "model/swapops/migration_ad.h"

namespace hmm {
namespace {

using Numbers = Concrete<Scope{}>;
using Formulas = Symbolic<Scope{}>;

// The codes of a config as the tables write them, in stacking order.
std::string codes(const SwapConfig& c) {
  static const char* const kShort[] = {"HWP", "MR", "MRX", "MW",   "DW",
                                       "DR",  "XW", "XR",  "MARK", "SERR"};
  std::string out;
  const auto types = special_types(c);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (!types[i].type) continue;
    if (!out.empty()) out += ' ';
    out += kShort[i] + ('=' + std::to_string(*types[i].type));
  }
  return out;
}

// A row: hwp, mig, dev and mark as y or n, MAX_SWAPFILES, the codes.
struct Row {
  std::string on;
  unsigned max_swapfiles;
  std::string codes;
};

void check_table(SwapKernel kernel, const std::vector<Row>& table) {
  for (const Row& row : table) {
    SwapConfig c = default_config(kernel);
    c.memory_failure = row.on[0] == 'y';
    c.migration = row.on[1] == 'y';
    c.device_private = row.on[2] == 'y';
    if (row.on.size() > 3) c.pte_marker = row.on[3] == 'y';
    INFO(swap_kernel_name(kernel) << ' ' << row.on);
    CHECK(MAX_SWAPFILES(c) == row.max_swapfiles);
    CHECK(codes(c) == row.codes);
  }
}

TEST_CASE("type codes are those of the kernel") {
  SECTION("v16 and 4.14") {
    const std::vector<Row> table{{"yyy", 27, "HWP=27 MR=28 MW=29 DW=30 DR=31"},
                                 {"yyn", 29, "HWP=29 MR=30 MW=31"},
                                 {"yny", 29, "HWP=29 DW=30 DR=31"},
                                 {"ynn", 31, "HWP=31"},
                                 {"nyy", 28, "MR=28 MW=29 DW=30 DR=31"},
                                 {"nyn", 30, "MR=30 MW=31"},
                                 {"nny", 30, "DW=30 DR=31"},
                                 {"nnn", 32, ""}};
    check_table(SwapKernel::v16, table);
    check_table(SwapKernel::v4_14, table);
    check_table(SwapKernel::v4_14_l1tf, table);
  }
  SECTION("6.12") {
    check_table(SwapKernel::v6_12,
                {{"yyy", 23, "HWP=23 MR=24 MRX=25 MW=26 DW=27 DR=28 XW=29 XR=30 MARK=31"},
                 {"yyn", 27, "HWP=27 MR=28 MRX=29 MW=30 MARK=31"},
                 {"yny", 26, "HWP=26 DW=27 DR=28 XW=29 XR=30 MARK=31"},
                 {"ynn", 30, "HWP=30 MARK=31"},
                 {"nyy", 24, "MR=24 MRX=25 MW=26 DW=27 DR=28 XW=29 XR=30 MARK=31"},
                 {"nyn", 28, "MR=28 MRX=29 MW=30 MARK=31"},
                 {"nny", 27, "DW=27 DR=28 XW=29 XR=30 MARK=31"},
                 {"nnn", 31, "MARK=31"}});
  }
  // Of the three kinds of device entries XR is the one for exclusive access.
  SECTION("7.3") {
    check_table(SwapKernel::v7_3,
                {{"yyy", 24, "HWP=24 MR=25 MRX=26 MW=27 DW=28 DR=29 XR=30 MARK=31"},
                 {"yyn", 27, "HWP=27 MR=28 MRX=29 MW=30 MARK=31"},
                 {"yny", 27, "HWP=27 DW=28 DR=29 XR=30 MARK=31"},
                 {"ynn", 30, "HWP=30 MARK=31"},
                 {"nyy", 25, "MR=25 MRX=26 MW=27 DW=28 DR=29 XR=30 MARK=31"},
                 {"nyn", 28, "MR=28 MRX=29 MW=30 MARK=31"},
                 {"nny", 28, "DW=28 DR=29 XR=30 MARK=31"},
                 {"nnn", 31, "MARK=31"}});
  }
  SECTION("6.1") {
    check_table(SwapKernel::v6_1,
                {{"yyyy", 22, "HWP=22 MR=23 MRX=24 MW=25 DW=26 DR=27 XW=28 XR=29 MARK=30 SERR=31"},
                 {"yyyn", 23, "HWP=23 MR=24 MRX=25 MW=26 DW=27 DR=28 XW=29 XR=30 SERR=31"},
                 {"yyny", 26, "HWP=26 MR=27 MRX=28 MW=29 MARK=30 SERR=31"},
                 {"yynn", 27, "HWP=27 MR=28 MRX=29 MW=30 SERR=31"},
                 {"ynyy", 25, "HWP=25 DW=26 DR=27 XW=28 XR=29 MARK=30 SERR=31"},
                 {"ynyn", 26, "HWP=26 DW=27 DR=28 XW=29 XR=30 SERR=31"},
                 {"ynny", 29, "HWP=29 MARK=30 SERR=31"},
                 {"ynnn", 30, "HWP=30 SERR=31"},
                 {"nyyy", 23, "MR=23 MRX=24 MW=25 DW=26 DR=27 XW=28 XR=29 MARK=30 SERR=31"},
                 {"nyyn", 24, "MR=24 MRX=25 MW=26 DW=27 DR=28 XW=29 XR=30 SERR=31"},
                 {"nyny", 27, "MR=27 MRX=28 MW=29 MARK=30 SERR=31"},
                 {"nynn", 28, "MR=28 MRX=29 MW=30 SERR=31"},
                 {"nnyy", 26, "DW=26 DR=27 XW=28 XR=29 MARK=30 SERR=31"},
                 {"nnyn", 27, "DW=27 DR=28 XW=29 XR=30 SERR=31"},
                 {"nnny", 30, "MARK=30 SERR=31"},
                 {"nnnn", 31, "SERR=31"}});
  }
}

// What a kernel after 7.3 changes in its entries must be named where it differs, and here.
TEST_CASE("a kernel after 7.3 has the entries of 7.3 until it is known to differ") {
  constexpr auto next = static_cast<SwapKernel>(kEnumerators<SwapKernel>);
  for (unsigned options = 0; options < 16; ++options) {
    SwapConfig was = default_config(SwapKernel::v7_3);
    was.memory_failure = (options & 1) != 0;
    was.migration = (options & 2) != 0;
    was.device_private = (options & 4) != 0;
    was.swap = (options & 8) != 0;
    for (auto kernel = SwapKernel::v7_3; kernel <= next;
         kernel = static_cast<SwapKernel>(static_cast<unsigned>(kernel) + 1)) {
      SwapConfig c = was;
      c.kernel = kernel;
      CAPTURE(static_cast<unsigned>(kernel), options);
      CHECK(codes(c) == codes(was));
      CHECK(MAX_SWAPFILES(c) == MAX_SWAPFILES(was));
      CHECK(PTE_MARKER_MASK(c) == PTE_MARKER_MASK(was));
      CHECK(pte_layout(c) == pte_layout(was));
      CHECK(SWP_TYPE_SHIFT(c) == SWP_TYPE_SHIFT(was));
      CHECK(migration_entry_supports_ad(c) == migration_entry_supports_ad(was));
      CHECK(non_swap_entry_is_constant(c) == non_swap_entry_is_constant(was));
      CHECK(default_config(kernel).pte_marker == was.pte_marker);
    }
  }
}

TEST_CASE("v16 calls its readable device type SWP_DEVICE") {
  CHECK(special_types(default_config(SwapKernel::v16))[5].name == "SWP_DEVICE");
  CHECK(special_types(default_config(SwapKernel::v4_14))[5].name == "SWP_DEVICE_READ");
}

TEST_CASE("7.3 has one device exclusive type, and one marker more") {
  const SwapConfig c = default_config(SwapKernel::v7_3), was = default_config(SwapKernel::v6_12);
  CHECK(special_types(c)[7].name == "SWP_DEVICE_EXCLUSIVE");
  CHECK(special_types(was)[7].name == "SWP_DEVICE_EXCLUSIVE_READ");
  CHECK_FALSE(SWP_DEVICE_EXCLUSIVE_WRITE(c));
  CHECK(PTE_MARKER_MASK(c) == (PTE_MARKER_MASK(was) | PTE_MARKER_GUARD));
  // include/linux/swapops.h PTE_MARKER_GUARD.
  CHECK(PTE_MARKER_MASK(c) == 7);
}

TEST_CASE("all configs differ") {
  const auto all = all_configs();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(std::count(all.begin(), all.end(), all[i]) == 1);
  }
}

TEST_CASE("ptes and entries are those of the kernel, both ways") {
  struct Vector {
    std::uint64_t type, offset, plain_pte, inverted_pte, v6_entry;
  };
  const std::vector<Vector> vectors{
      {0, 0x0, 0x0000000000000000, 0x07fffffffffffe00, 0x0000000000000000},
      {0, 0x1, 0x0000000000004000, 0x07fffffffffffc00, 0x0000000000000001},
      {27, 0x123456, 0x000000048d15b600, 0xdfffffffdb975200, 0x6c00000000123456},
      {28, 0x123456, 0x000000048d15b800, 0xe7ffffffdb975200, 0x7000000000123456},
      {26, 0x3ffffffff, 0x0000fffffffff400, 0xd7fff80000000000, 0x68000003ffffffff},
      {25, 0xc00123456, 0x000300048d15b200, 0xcfffe7ffdb975200, 0x6400000c00123456},
      {31, 0x1, 0x0000000000007e00, 0xfffffffffffffc00, 0x7c00000000000001},
      {23, 0x1000, 0x0000000004002e00, 0xbfffffffffdffe00, 0x5c00000000001000}};
  for (const auto& [kernel, name] : kSwapKernels) {
    const SwapConfig c = default_config(kernel);
    for (const Vector& v : vectors) {
      INFO(name << " type " << v.type << " offset " << v.offset);
      const auto entry = swp_entry<Numbers>(c, v.type, v.offset);
      CHECK(entry.val == (is_v6(c) ? v.v6_entry : v.type << 57 | v.offset));
      const std::uint64_t pte = inverts_offset(c) ? v.inverted_pte : v.plain_pte;
      CHECK(swp_entry_to_pte<Numbers>(c, entry).pte == pte);
      CHECK(pte_to_swp_entry<Numbers>(c, {pte}).val == entry.val);
      CHECK(swp_type(c, entry) == v.type);
      CHECK(swp_offset(c, entry) == v.offset);
    }
  }
}

TEST_CASE("software bits are where the kernel keeps them") {
  const pte_t<Numbers> zero{};
  const auto soft_dirty = [&](SwapKernel k) {
    return pte_swp_mksoft_dirty<Numbers>(default_config(k), zero).pte;
  };
  CHECK(soft_dirty(SwapKernel::v16) == 0x80);
  CHECK(soft_dirty(SwapKernel::v4_14) == 0x2);
  CHECK(soft_dirty(SwapKernel::v4_14_l1tf) == 0x2);
  CHECK(soft_dirty(SwapKernel::v6_12) == 0x2);
  const SwapConfig v6 = default_config(SwapKernel::v6_1);
  CHECK(pte_swp_mkuffd_wp<Numbers>(v6, zero).pte == 0x4);
  CHECK(pte_swp_mkexclusive<Numbers>(v6, zero).pte == 0x8);
  // 4.14 has neither bit.
  CHECK(pte_swp_mkuffd_wp<Numbers>(default_config(SwapKernel::v4_14), zero).pte == 0);
  // In v16 a soft-dirty entry would look like a huge page to pmd_present().
  CHECK(pmd_present(pte_swp_mksoft_dirty<Numbers>(default_config(SwapKernel::v16), zero)));
}

TEST_CASE("A/D bits are carried where the largest swap offset has room") {
  SwapConfig c = default_config(SwapKernel::v6_12);
  CHECK(migration_entry_supports_ad(c));
  c.l1tf_cache_bits = 44;
  CHECK_FALSE(migration_entry_supports_ad(c));
  c.l1tf_cache_bits = 46;
  CHECK(migration_entry_supports_ad(c));
  c.physmem_bits = 52;
  CHECK_FALSE(migration_entry_supports_ad(c));
  c.l1tf_cache_bits = 0;
  CHECK(migration_entry_supports_ad(c));
  c.swap = false;
  CHECK_FALSE(migration_entry_supports_ad(c));
  CHECK_FALSE(migration_entry_supports_ad(default_config(SwapKernel::v4_14_l1tf)));
}

TEST_CASE("the largest swap file is what the kernel computes") {
  for (const auto& [kernel, name] : kSwapKernels) {
    CHECK(arch_max_swapfile_size(default_config(kernel)) == std::uint64_t{1} << 50);
  }
  SwapConfig c = default_config(SwapKernel::v6_12);
  c.l1tf_cache_bits = 44;
  CHECK(arch_max_swapfile_size(c) == std::uint64_t{1} << 34);
  c.l1tf_cache_bits = 46;
  CHECK(arch_max_swapfile_size(c) == std::uint64_t{1} << 36);
}

TEST_CASE("an option that is off makes zero entries and false tests") {
  const SwapConfig c{.kernel = SwapKernel::v6_1,
                     .memory_failure = false,
                     .migration = false,
                     .device_private = false,
                     .pte_marker = false};
  CHECK(make_writable_device_private_entry<Numbers>(c, 0x1234).val == 0);
  CHECK(make_readable_migration_entry<Numbers>(c, 0x1234).val == 0);
  CHECK(make_pte_marker_entry<Numbers>(c, PTE_MARKER_UFFD_WP).val == 0);
  CHECK_FALSE(is_pfn_swap_entry<Numbers>(c, {0}));
  CHECK(is_swapin_error_entry(c, make_swapin_error_entry<Numbers>(c, 0x1234)));
}

TEST_CASE("a pte marker counts as none") {
  const SwapConfig c = default_config(SwapKernel::v6_12);
  const auto poisoned = make_pte_marker_entry<Numbers>(c, PTE_MARKER_POISONED);
  CHECK(is_poisoned_swp_entry(c, poisoned));
  const auto pte = swp_entry_to_pte<Numbers>(c, poisoned);
  CHECK_FALSE(pte_none(pte));
  CHECK(pte_none_mostly<Numbers>(c, pte));
  CHECK_FALSE(is_poisoned_swp_entry(c, make_pte_marker_entry<Numbers>(c, PTE_MARKER_UFFD_WP)));
}

// Everything the helpers say about a word, a type and an offset. Tests come out as 0 and 1.
template <class D>
std::vector<typename D::Word> everything(const SwapEncoding& enc, const typename D::Word& value,
                                         const typename D::Word& type,
                                         const typename D::Word& offset) {
  using Word = typename D::Word;
  const SwapConfig& c = enc.config;
  const auto flag = [](const typename D::Bool& b) { return ite(b, Word(1), Word(0)); };
  const swp_entry_t<D> e{value}, made = swp_entry<D>(c, type, offset);
  const pte_t<D> pte{value};
  return {swp_type(c, e),
          swp_offset(c, e),
          swp_offset_pfn(c, e),
          made.val,
          swp_entry_to_pte(enc, e).pte,
          swp_entry_to_pte(enc, made).pte,
          pte_to_swp_entry(enc, pte).val,
          flag(pte_present(pte)),
          flag(pmd_present(pte)),
          flag(pte_none(pte)),
          flag(pte_none_mostly(enc, pte)),
          pte_swp_mksoft_dirty(enc, pte).pte,
          pte_swp_clear_soft_dirty(enc, pte).pte,
          flag(pte_swp_soft_dirty(enc, pte)),
          pte_swp_mkuffd_wp(enc, pte).pte,
          pte_swp_clear_uffd_wp(enc, pte).pte,
          flag(pte_swp_uffd_wp(enc, pte)),
          pte_swp_mkexclusive(enc, pte).pte,
          pte_swp_clear_exclusive(enc, pte).pte,
          flag(pte_swp_exclusive(enc, pte)),
          pfn_pte<D>(enc, offset, value).pte,
          pte_pfn(enc, pte),
          flag(is_migration_entry(c, e)),
          flag(is_device_private_entry(c, e)),
          flag(is_writable_device_private_entry(c, e)),
          flag(is_device_exclusive_entry(c, e)),
          flag(is_hwpoison_entry(c, e)),
          flag(is_poisoned_swp_entry(c, e)),
          flag(is_swapin_error_entry(c, e)),
          flag(is_pfn_swap_entry(c, e)),
          flag(non_swap_entry(c, e)),
          make_writable_device_private_entry<D>(c, offset).val,
          make_readable_migration_entry<D>(c, offset).val,
          device_private_entry_to_readable(c, e).val,
          migration_entry_to_readable(c, e).val,
          make_migration_entry_young(enc, e).val,
          make_migration_entry_dirty(enc, e).val,
          flag(is_migration_entry_young(enc, e)),
          flag(is_migration_entry_dirty(enc, e))};
}

TEST_CASE("helpers are the same in both domains") {
  const auto configs = all_configs();
  rc::prop("a simplified formula is the number", [&configs] {
    const SwapConfig c = *rc::gen::elementOf(configs);
    // Arbitrary words, and words of the few codes and low bits where the helpers make a difference.
    const auto word = *rc::gen::arbitrary<std::uint64_t>();
    const auto type = *rc::gen::inRange<std::uint64_t>(0, 64);
    const auto low = *rc::gen::inRange<std::uint64_t>(0, 512);
    const auto offset = *rc::gen::arbitrary<std::uint64_t>();
    for (const std::uint64_t value :
         {word, type << SWP_TYPE_SHIFT(c) | (word & SWP_OFFSET_MASK(c)),
          swp_entry_to_pte<Numbers>(c, swp_entry<Numbers>(c, type, offset)).pte | low, low}) {
      const auto numbers = everything<Numbers>(c, value, type, offset);
      const auto formulas = everything<Formulas>(c, value, type, offset);
      RC_ASSERT(numbers.size() == formulas.size());
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const z3::expr simple = formulas[i].e.simplify();
        RC_ASSERT(simple.is_numeral());
        RC_ASSERT(simple.get_numeral_uint64() == numbers[i]);
      }
    }
  });
}

}  // namespace
}  // namespace hmm
