#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <stdexcept>

#include "properties/encodings_pfn.h"
#include "properties/engines/prove_encodings.h"
#include "tests/goldens/goldens.h"
#include "traces/kconfig_swap.h"

namespace hmm {
namespace {

using Numbers = Concrete<Scope{}>;
constexpr unsigned kTimeoutMs = 10'000;

TEST_CASE("every encoding property is proved for every config that can be had") {
  const auto results = prove_encodings(configurable_configs(), {kTimeoutMs, {}, {}});
  CHECK(results.size() == goldens::golden("encodings", "claims"));
  for (const auto& r : results) {
    INFO(r.property << " of " << r.config << ": " << r.counterexample);
    CHECK(r.answer == Answer::proved);
  }
}

Answer answer(std::string_view property, const SwapConfig& config, const PteLayout& layout) {
  const auto result = prove_encoding(property, {config, layout}, kTimeoutMs);
  // A refutation comes with numbers, and it was replayed before it was told.
  CHECK(result.counterexample.empty() == (result.answer == Answer::proved));
  return result.answer;
}

TEST_CASE("wrong layouts are refuted") {
  const SwapConfig config = default_config(SwapKernel::v6_12);
  const PteLayout right = pte_layout(config);
  REQUIRE(answer("swap_entry_roundtrip", config, right) == Answer::proved);

  SECTION("an offset that is not inverted stops no L1TF, though nothing else is lost") {
    PteLayout wrong = right;
    wrong.invert_offset = false;
    CHECK(answer("non_present_ptes_stop_l1tf", config, wrong) == Answer::refuted);
    CHECK(answer("swap_entry_roundtrip", config, wrong) == Answer::proved);
  }
  SECTION("a type that overlaps the offset is lost") {
    PteLayout wrong = right;
    wrong.type_first_bit = 58;
    CHECK(answer("swap_entry_roundtrip", config, wrong) == Answer::refuted);
    CHECK(answer("swp_offset_pfn_gives_pfn", config, wrong) == Answer::refuted);
  }
  SECTION("an offset that reaches down to _PAGE_PROTNONE makes entries present") {
    PteLayout wrong = right;
    wrong.offset_first_bit = 8;
    CHECK(answer("entries_are_not_present", config, wrong) == Answer::refuted);
  }
  SECTION("a flag within the offset changes the entry") {
    PteLayout wrong = right;
    wrong.soft_dirty = 1u << 11;
    CHECK(answer("swap_flags_keep_entry", config, wrong) == Answer::refuted);
  }
  SECTION("two flags in one bit are not told apart, nor is one in an erratum bit kept") {
    PteLayout wrong = right;
    wrong.exclusive = wrong.uffd_wp | _PAGE_PWT;
    CHECK(answer("swap_flags_keep_entry", config, wrong) == Answer::refuted);
    wrong = right;
    wrong.uffd_wp = _PAGE_DIRTY;
    CHECK(answer("swap_flags_keep_entry", config, wrong) == Answer::refuted);
  }
}

TEST_CASE("what old kernels got wrong is refuted") {
  SECTION("4.14.0 is open to L1TF") {
    const SwapConfig c = default_config(SwapKernel::v4_14);
    CHECK(answer("non_present_ptes_stop_l1tf", c, pte_layout(c)) == Answer::refuted);
  }
  SECTION("non_swap_entry() would miss device entries if nothing else could be configured") {
    SwapConfig c = default_config(SwapKernel::v4_14);
    c.memory_failure = c.migration = false;
    CHECK(answer("special_entries_are_non_swap", c, pte_layout(c)) == Answer::refuted);
    c.migration = true;
    CHECK(answer("special_entries_are_non_swap", c, pte_layout(c)) == Answer::proved);
  }
  SECTION("the soft-dirty bit of v16 makes a pmd look present") {
    SwapConfig c = default_config(SwapKernel::v4_14);
    CHECK(answer("entries_are_not_present", c, pte_layout(default_config(SwapKernel::v16))) ==
          Answer::refuted);
  }
}

TEST_CASE("a claim about nothing is vacuous") {
  SwapConfig c = default_config(SwapKernel::v6_12);
  c.memory_failure = c.migration = c.device_private = false;
  // This config has no pfn entries, so they do give back their pfn, all none of them.
  CHECK(answer("swp_offset_pfn_gives_pfn", c, pte_layout(c)) == Answer::vacuous);
}

TEST_CASE("a property that does not exist is not proved") {
  const SwapConfig c = default_config(SwapKernel::v6_12);
  CHECK_THROWS_AS(prove_encoding("no_such_property", c, kTimeoutMs), std::logic_error);
}

TEST_CASE("encoding properties hold of drawn numbers") {
  const auto configs = all_configs();
  rc::prop("in the concrete domain", [&configs] {
    const SwapConfig c = *rc::gen::elementOf(configs);
    EncodingValues<Numbers> x;
    x.value = *rc::gen::arbitrary<std::uint64_t>();
    x.type = *rc::gen::inRange<std::uint64_t>(0, 40);
    x.offset = *rc::gen::arbitrary<std::uint64_t>() >> *rc::gen::inRange(0, 63);
    const auto check = [&]<class P>() {
      if (P::applies(c)) RC_ASSERT((holds<P, Numbers>(c, x)));
    };
    [&]<class... P>(std::tuple<P...>*) {
      (check.template operator()<P>(), ...);
    }(static_cast<EncodingProperties*>(nullptr));
  });
}

}  // namespace
}  // namespace hmm
